import { absoluteText, type BaseDirectory, physicalDirectory } from './absolute-text.ts';
import { descriptorPath, stringOf } from './argument.ts';
import type { SyscallEvent } from './event.ts';
import { has, OPEN_CALLS, openMode, PATH_CALLS, type PathArgument, type TouchKind } from './path-calls.ts';
import type { ProcessSurroundings } from './process-tree.ts';

/** How one call used, or tried to use, one path. */
export type PathUse = {
  /** As `Touch.path`. */
  readonly path: string;
  readonly kinds: readonly TouchKind[];
  /** The call named it; else it is the path behind a descriptor. */
  readonly named: boolean;
  /** A symbolic link at the end was followed. */
  readonly follows: boolean;
  /** The call makes the path. */
  readonly makes: boolean;
  /** Mapped with PROT_EXEC. */
  readonly executable: boolean;
  /** The path behind the descriptor that the call gave. */
  readonly resolved: string | null;
};

const OTHER_CALLS = new Set('getdents getdents64 mmap connect bind'.split(' '));

/** Whether `pathUses` has anything to say about calls of this name. */
export function usesPaths(name: string): boolean {
  return PATH_CALLS.has(name) || OPEN_CALLS.has(name) || OTHER_CALLS.has(name);
}

/**
 * The paths that a call uses, whether it succeeded or failed. `args` are its arguments, split. For a failed call
 * with two paths it returns only the first: the errno does not say which path was missing.
 */
export function pathUses(
  call: SyscallEvent,
  args: readonly string[],
  around: ProcessSurroundings,
): PathUse[] {
  const places = PATH_CALLS.get(call.name);
  if (places !== undefined) {
    const named = call.errno === null ? places : places.slice(0, 1);
    return named.flatMap((place) => namedUse(args, place, around) ?? []);
  }
  if (OPEN_CALLS.has(call.name)) return openUses(call, args, around);
  switch (call.name) {
    case 'mmap':
      return descriptorUses(args[4], 'mapped', has(args[2] ?? '', 'PROT_EXEC'));
    case 'getdents':
    case 'getdents64':
      return descriptorUses(args[0], 'listed');
    default:
      return socketUses(call, args, around);
  }
}

/**
 * The path that a call names at this place; null where it names none, or strace could not show it whole.
 * `around` already contains the directory from `AT_FDCWD</srv>`: see `learnDirectory`.
 */
export function pathAt(
  args: readonly string[],
  place: Pick<PathArgument, 'path' | 'directory'>,
  around: ProcessSurroundings,
): BaseDirectory | null {
  const name = stringOf(args[place.path]);
  if (name === null || name === '') return null;
  if (name.startsWith('/')) return absoluteText(name, around.root);
  const base = place.directory === null ? around.cwd : directoryAt(args[place.directory], around);
  return base === null ? null : absoluteText(name, base);
}

function directoryAt(argument: string | undefined, around: ProcessSurroundings): BaseDirectory | null {
  if (argument?.startsWith('AT_FDCWD')) return around.cwd;
  const file = descriptorPath(argument);
  if (file !== null) return file.deleted ? null : physicalDirectory(file.path);
  return null;
}

function namedUse(args: readonly string[], place: PathArgument, around: ProcessSurroundings): PathUse | null {
  const { kind, makes } = place;
  const named = pathAt(args, place, around);
  if (named !== null) {
    return {
      path: named.path,
      kinds: [kind],
      named: true,
      follows: follows(args, place),
      makes,
      executable: false,
      resolved: null,
    };
  }
  const ofDescriptor = args[place.path] === '""' && kind !== 'stat' && place.directory !== null;
  return ofDescriptor ? (descriptorUses(args[place.directory], kind)[0] ?? null) : null;
}

function follows(args: readonly string[], place: PathArgument): boolean {
  if (place.directory === null) return place.follows;
  const flags = args.slice(place.path + 1).filter((arg) => arg.startsWith('AT_'));
  if (flags.some((flag) => has(flag, 'AT_SYMLINK_NOFOLLOW'))) return false;
  return place.follows || (place.kind === 'linked' && flags.some((flag) => has(flag, 'AT_SYMLINK_FOLLOW')));
}

function openUses(call: SyscallEvent, args: readonly string[], around: ProcessSurroundings): PathUse[] {
  const place = OPEN_CALLS.get(call.name);
  const named = place === undefined ? null : pathAt(args, place, around);
  if (place === undefined || named === null) return [];
  const mode = openMode(call.name === 'creat' ? 'O_WRONLY|O_CREAT|O_TRUNC' : (args[place.path + 1] ?? ''));
  const found = call.errno === null ? descriptorPath(call.result) : null;
  const use: PathUse = {
    path: named.path,
    kinds: mode.kinds,
    named: true,
    follows: mode.follows,
    makes: mode.makes,
    executable: false,
    resolved: found === null || found.deleted ? null : found.path,
  };
  return [use];
}

function descriptorUses(argument: string | undefined, kind: TouchKind, executable = false): PathUse[] {
  const file = descriptorPath(argument);
  if (file === null || file.deleted) return [];
  const use: PathUse = {
    path: file.path,
    kinds: [kind],
    named: false,
    follows: false,
    makes: false,
    executable,
    resolved: null,
  };
  return [use];
}

/** Sockets with a name in the file system, unix(7); abstract ones are printed `sun_path=@"..."`. */
function socketUses(call: SyscallEvent, args: readonly string[], around: ProcessSurroundings): PathUse[] {
  const quoted = /\bsun_path=("(?:[^"\\]|\\.)*")/.exec(args[1] ?? '')?.[1];
  if (quoted === undefined) return [];
  const binds = call.name === 'bind';
  const place: PathArgument = {
    kind: binds ? 'bound' : 'connected',
    path: 0,
    directory: null,
    follows: !binds,
    makes: binds,
  };
  const use = namedUse([quoted], place, around);
  return use === null ? [] : [use];
}
