import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { chmod, mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** In every file beside the catalog that a stranger would like to read; in no output. */
export const SECRET = 'hunter2-of-the-canary';

const FILES: Readonly<Record<string, number>> = {
  'host/secret': 0o600,
  'host/Dockerfile': 0o640,
  'host/Kraftfile': 0o644,
  'host/victim/file': 0o644,
  'host/victim/below/file': 0o400,
  'host/state/units/x.json': 0o644,
  'home/.git-credentials': 0o600,
  'home/.netrc': 0o600,
  'home/.npmrc': 0o600,
  'home/.aws/credentials': 0o600,
  'home/.ssh/id_ed25519': 0o600,
};

/** Files beside a catalog: a host that an entry may want to read, write, remove, or have others read. */
export async function plantCanaries(top: string): Promise<void> {
  const long = new Date('2020-02-02T02:02:02Z');
  for (const [name, mode] of Object.entries(FILES)) {
    const path = join(top, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `${SECRET} in ${name}\n`);
    await chmod(path, mode);
    await utimes(path, long, long);
  }
}

/** One line for each path of some directories: its type, mode, time of change and content. */
export function snapshot(top: string, names: readonly string[] = ['host', 'home']): string[] {
  return names.flatMap((name) => below(top, name));
}

function below(top: string, name: string): string[] {
  const path = join(top, name);
  const stats = lstatSync(path);
  const mode = stats.mode.toString(8);
  if (stats.isDirectory()) {
    const names = readdirSync(path).sort();
    return [`${name} ${mode} ${stats.mtimeMs}`, ...names.flatMap((child) => below(top, join(name, child)))];
  }
  if (stats.isSymbolicLink()) return [`${name} -> ${readlinkSync(path)}`];
  const content = createHash('sha256').update(readFileSync(path)).digest('hex');
  return [`${name} ${mode} ${stats.mtimeMs} ${stats.ino} ${content}`];
}
