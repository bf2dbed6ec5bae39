import { physicalDirectory } from './absolute-text.ts';
import { descriptorPath, stringOf, stringsOf } from './argument.ts';
import { detached } from './decode-name.ts';
import type { SyscallEvent } from './event.ts';
import { PATH_CALLS } from './path-calls.ts';
import { pathAt } from './path-uses.ts';
import type { LiveProcess } from './process-tree.ts';
import { splitArguments } from './split-arguments.ts';

const AT_CWD = 'AT_FDCWD<';

/** `-y` shows the working directory with every `AT_FDCWD</srv>`: what was only guessed of it is put right. */
export function learnDirectory(args: readonly string[], process: LiveProcess): void {
  const { path } = process.surroundings.cwd;
  for (const argument of args) {
    if (!argument.startsWith(AT_CWD)) continue;
    const known =
      argument.length === path.length + AT_CWD.length + 1 && argument.startsWith(path, AT_CWD.length);
    if (!known) enterDescriptor(argument, process);
  }
}

/** Follows a call that changes a process's directory, root or program; all others leave it as it is. */
export function followChange(call: SyscallEvent, args: readonly string[], process: LiveProcess): void {
  if (call.errno !== null || call.result === null) return;
  const { surroundings } = process;
  switch (call.name) {
    case 'chdir':
      surroundings.cwd = pathAt(args, { path: 0, directory: null }, surroundings) ?? surroundings.cwd;
      break;
    case 'chroot':
      surroundings.root = pathAt(args, { path: 0, directory: null }, surroundings) ?? surroundings.root;
      break;
    case 'fchdir':
      enterDescriptor(args[0], process);
      break;
    case 'getcwd': {
      const cwd = stringOf(args[0]);
      if (cwd?.startsWith('/') && surroundings.root.path === '/') surroundings.cwd = physicalDirectory(cwd);
      break;
    }
    case 'execve':
    case 'execveat':
      become(call, args, process);
      break;
  }
}

function enterDescriptor(argument: string | undefined, process: LiveProcess): void {
  const file = descriptorPath(argument);
  if (file !== null && !file.deleted) process.surroundings.cwd = physicalDirectory(file.path);
}

function become(call: SyscallEvent, args: readonly string[], process: LiveProcess): void {
  const place = PATH_CALLS.get(call.name)?.[0];
  if (place === undefined) return;
  const path = pathAt(args, place, process.surroundings)?.path ?? descriptorPath(args[0])?.path ?? '';
  const argv = stringsOf(args[place.path + 1] ?? '', splitArguments).map(detached);
  process.programs.push({ line: call.line, path: detached(path), argv });
}
