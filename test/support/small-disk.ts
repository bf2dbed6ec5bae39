import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CLI, type CliResult } from './cli.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export type SmallDisk = {
  /** Host path of the directory that is the disk, for the command alone. */
  readonly at: string;
  /** Files that are copied to the disk first; null for none. */
  readonly holds: string | null;
  /** What is free on the disk when the command begins. */
  readonly freeKiB: number;
  readonly sizeKiB: number;
};

/** How a run on a small disk ended, and what was on the disk then. */
export type SmallDiskRun = CliResult & {
  /** What git says has changed in the files that the disk held, one line for each path. */
  readonly status: readonly string[];
  /** The names on the disk, without the filler and what belongs to git. */
  readonly names: readonly string[];
  readonly read: (name: string) => Promise<string>;
};

/**
 * Mounts a tmpfs in a mount namespace of the command's own, copies the files, fills the disk but for what is free, runs the
 * command, and copies the disk out again. Words: disk, size, free, files, result, and the command.
 */
const SCRIPT = `
set -eu
disk=$1 size=$2 free=$3 files=$4 result=$5; shift 5
mount -t tmpfs -o size="$size"k tmpfs "$disk"
if [ -n "$files" ]; then cp -a "$files/." "$disk/"; cd "$disk"; filler="$disk/.git/filler"; else filler="$disk/filler"; fi
cat /dev/zero > "$filler" 2>/dev/null || true
truncate -s -"$free"K "$filler"
code=0
"$@" > "$result/stdout" 2> "$result/stderr" || code=$?
echo "$code" > "$result/code"
rm "$filler"
cp -a "$disk/." "$result/disk/"
if [ -n "$files" ]; then git -C "$disk" status --porcelain --untracked-files=all > "$result/status"; fi
`;

/** Runs the command while a directory is a separate disk that has little space left. */
export async function runOnSmallDisk(
  args: readonly string[],
  { at, holds, freeKiB, sizeKiB }: SmallDisk,
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<SmallDiskRun & AsyncDisposable> {
  const result = await temporaryDirectory();
  await mkdir(join(result.path, 'disk'));
  const words = [
    at,
    String(sizeKiB),
    String(freeKiB),
    holds ?? '',
    result.path,
    process.execPath,
    CLI,
    ...args,
  ];
  await promisify(execFile)('unshare', ['-rm', 'sh', '-c', SCRIPT, 'sh', ...words], {
    cwd,
    env: { ...process.env, FORCE_COLOR: '0', ...env },
  });
  const read = (name: string) => readFile(join(result.path, name), 'utf8');
  const lines = (text: string) => text.split('\n').filter((line) => line !== '');
  const { stdout: names } = await promisify(execFile)(
    'find',
    ['.', '-path', './.git', '-prune', '-o', '-print'],
    {
      cwd: join(result.path, 'disk'),
    },
  );
  return {
    exitCode: Number(await read('code')),
    stdout: await read('stdout'),
    stderr: await read('stderr'),
    status: holds === null ? [] : lines(await read('status')),
    names: lines(names),
    read: (name) => read(join('disk', name)),
    [Symbol.asyncDispose]: () => result[Symbol.asyncDispose](),
  };
}
