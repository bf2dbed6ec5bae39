import { type ByteSource, fileSource } from '../elf/byte-source.ts';
import { ElfError } from '../elf/elf-error.ts';
import { isElf } from '../elf/elf-header.ts';
import { type ElfFile, readElf } from '../elf/read-elf.ts';
import { type FileTree, resolvePath } from '../shared/file-tree.ts';
import { type ImagePath, imagePath, isWithin } from '../shared/image-path.ts';
import type { StaticFindings } from './static.ts';

/** Codes of what is known to go wrong on Unikraft and can be seen without running anything. */
export type FitnessCode =
  | 'script-cmd'
  | 'not-executable'
  | 'wrong-machine'
  | 'not-pie'
  | 'origin-runpath'
  | 'dev-link'
  | 'dev-file';

/** Something that works in a container and not on Unikraft; the sentence ends with the fix. */
export type FitnessWarning = { readonly code: FitnessCode; readonly message: string };

/** What stands against running a launch on Unikraft. */
export function launchFitness(
  tree: FileTree,
  { command, script, wrapped, program }: StaticFindings,
): FitnessWarning[] {
  const warnings: FitnessWarning[] = [];
  if (script !== null)
    warnings.push({ code: 'script-cmd', message: scriptMessage(command, script.program, wrapped) });
  const file = resolvePath(tree, command);
  if (((file.entry?.mode ?? 0) & 0o111) === 0) {
    warnings.push({
      code: 'not-executable',
      message: `${command} has no execute bit: set it in the build stage`,
    });
  }
  return program === null ? warnings : [...warnings, ...programFitness(tree, program)];
}

/** Whether a program does not start on Linux either. */
export function holdsOnLinux({ code }: FitnessWarning): boolean {
  return code === 'not-executable' || code === 'wrong-machine';
}

function programFitness(tree: FileTree, program: ImagePath): FitnessWarning[] {
  const source = fileSource(tree, resolvePath(tree, program).path);
  const elf = isElf(source) ? readOrNull(source) : null;
  if (elf === null) return [];
  const warnings: FitnessWarning[] = [];
  if (elf.header.machine !== 'x86_64') {
    const message = `${program} is made for ${elf.header.machine}: build it for x86_64`;
    warnings.push({ code: 'wrong-machine', message });
  }
  if (elf.kind === 'executable' || elf.kind === 'static-executable') {
    const message = `${program} is not position-independent, and Unikraft's loader refuses it: build it with -fPIE -pie`;
    warnings.push({ code: 'not-pie', message });
  }
  if (/\$(ORIGIN|\{ORIGIN\})/.test(`${elf.rpath ?? ''}:${elf.runpath ?? ''}`)) {
    const advice = `a symbolic link from /proc/self/exe to ${program} in the root file system fixes it`;
    const message = `${program} finds libraries by $ORIGIN, for which Unikraft lacks /proc: ${advice}`;
    warnings.push({ code: 'origin-runpath', message });
  }
  return warnings;
}

/** A file that contradicts itself does not start anywhere, which the baseline says better. */
function readOrNull(source: ByteSource): ElfFile | null {
  try {
    return readElf(source);
  } catch (error) {
    if (error instanceof ElfError) return null;
    throw error;
  }
}

function scriptMessage(
  command: ImagePath,
  interpreter: ImagePath,
  wrapped: StaticFindings['wrapped'],
): string {
  const what = `${command} is a script, which Unikraft cannot start`;
  if (wrapped === null) return `${what}: use its interpreter as cmd, ["${interpreter}", "${command}"]`;
  const env = Object.entries(wrapped.env).map(([name, value]) => `${name}=${value}`);
  const withEnv = env.length === 0 ? '' : `, with the environment ${env.join(' ')}`;
  return `${what}: it only execs another command, so use that as cmd: ${JSON.stringify(wrapped.argv)}${withEnv}`;
}

const STANDARD_STREAMS = /^\/(dev\/std(in|out|err)|dev\/fd\/\d|proc\/self\/fd\/\d)$/;
const DEV = imagePath('/dev');

/** What stands against keeping a path: links to standard streams break apps, and a file at /dev stops the boot. */
export function pathFitness(tree: FileTree, path: ImagePath): FitnessWarning | null {
  const entry = tree.lookup(path);
  if (entry === undefined) return null;
  if (STANDARD_STREAMS.test(entry.linkTarget ?? '')) {
    const message = `${path} is a link to ${entry.linkTarget}, and such links break apps on Unikraft: configure the app to log to a file, or directly to stderr`;
    return { code: 'dev-link', message };
  }
  if (!isWithin(path, DEV) || entry.type === 'directory') return null;
  return {
    code: 'dev-file',
    message: `kraft-slim does not keep ${path}: Unikraft makes /dev`,
  };
}
