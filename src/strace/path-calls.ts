import { detached } from './decode-name.ts';

/** How a path was touched. */
export const TOUCH_KINDS = [
  /** Opened for reading: a file or a directory. */
  'opened',
  /** Opened for writing, or truncated. */
  'written',
  /** Made, or opened in a way that would have made it (O_CREAT), or made by renaming or linking another. */
  'created',
  /**
   * Asked about without its content: stat, access, getxattr, O_PATH; or found to exist by a call that failed on that.
   */
  'stat',
  /** Its names were read, getdents(2). */
  'listed',
  /** The text of the symbolic link was read. */
  'link-read',
  'executed',
  /** Mapped into memory by a descriptor. */
  'mapped',
  /** Became the working directory or the root. */
  'entered',
  /** Mode, owner, times or extended attributes were set. */
  'attributes',
  /** A unix socket, connected to. */
  'connected',
  /** A unix socket, made by bind(2). */
  'bound',
  /** Moved away. */
  'renamed',
  'removed',
  'mkdir',
  /** Got another name by link(2). */
  'linked',
] as const;
export type TouchKind = (typeof TOUCH_KINDS)[number];

/** One file name among the arguments of a call. Arguments count from 0. */
export type PathArgument = {
  readonly kind: TouchKind;
  readonly path: number;
  /** The descriptor of the directory that a relative name starts from; null: the working directory. */
  readonly directory: number | null;
  /** Whether a symbolic link at the end is followed, where no flag says otherwise. */
  readonly follows: boolean;
  /** The call makes this name: where it fails with ENOENT it is the directory that is missing. */
  readonly makes: boolean;
};

type Variant = { readonly follows?: boolean; readonly makes?: boolean };

function plain(kind: TouchKind, path: number, variant: Variant = {}): PathArgument {
  return { kind, path, directory: null, follows: variant.follows ?? true, makes: variant.makes ?? false };
}

function at(kind: TouchKind, directory: number, variant: Variant = {}): PathArgument {
  return { ...plain(kind, directory + 1, variant), directory };
}

const LINK_ITSELF: Variant = { follows: false };
const MAKES: Variant = { follows: false, makes: true };

const GROUPS: readonly (readonly [names: string, ...paths: PathArgument[]])[] = [
  ['stat access statfs getxattr listxattr', plain('stat', 0)],
  ['lstat lgetxattr llistxattr', plain('stat', 0, LINK_ITSELF)],
  ['newfstatat statx faccessat faccessat2 name_to_handle_at open_tree fstatat64', at('stat', 0)],
  ['getxattrat listxattrat file_getattr', at('stat', 0)],
  ['inotify_add_watch', plain('stat', 1)],
  ['fanotify_mark', at('stat', 3)],
  ['readlink', plain('link-read', 0, LINK_ITSELF)],
  ['readlinkat', at('link-read', 0, LINK_ITSELF)],
  ['chdir chroot', plain('entered', 0)],
  ['truncate', plain('written', 0)],
  ['chmod chown utime utimes setxattr removexattr', plain('attributes', 0)],
  ['lchown lsetxattr lremovexattr', plain('attributes', 0, LINK_ITSELF)],
  ['fchmodat fchmodat2 fchownat utimensat futimesat setxattrat removexattrat', at('attributes', 0)],
  ['mkdir', plain('mkdir', 0, MAKES)],
  ['mkdirat', at('mkdir', 0, MAKES)],
  ['mknod', plain('created', 0, MAKES)],
  ['mknodat', at('created', 0, MAKES)],
  ['symlink', plain('created', 1, MAKES)],
  ['symlinkat', at('created', 1, MAKES)],
  ['unlink rmdir', plain('removed', 0, LINK_ITSELF)],
  ['unlinkat', at('removed', 0, LINK_ITSELF)],
  ['link', plain('linked', 0, LINK_ITSELF), plain('created', 1, MAKES)],
  ['linkat', at('linked', 0, LINK_ITSELF), at('created', 2, MAKES)],
  ['rename', plain('renamed', 0, LINK_ITSELF), plain('created', 1, MAKES)],
  ['renameat renameat2', at('renamed', 0, LINK_ITSELF), at('created', 2, MAKES)],
  ['execve', plain('executed', 0)],
  ['execveat', at('executed', 0)],
];

/** Calls that name files, each with the places of the names: from the Linux system call table and their man pages. */
export const PATH_CALLS: ReadonlyMap<string, readonly PathArgument[]> = new Map(
  GROUPS.flatMap(([names, ...paths]) => names.split(' ').map((name) => [name, paths] as const)),
);

/** Where open(2) and its family keep name and flags. openat2 has its flags in a struct, `{flags=O_RDONLY, ...}`. */
export const OPEN_CALLS: ReadonlyMap<string, { readonly directory: number | null; readonly path: number }> =
  new Map([
    ['open', { directory: null, path: 0 }],
    ['creat', { directory: null, path: 0 }],
    ['openat', { directory: 0, path: 1 }],
    ['openat2', { directory: 0, path: 1 }],
  ]);

export type OpenMode = {
  readonly kinds: readonly TouchKind[];
  /** A symbolic link at the end is followed. */
  readonly follows: boolean;
  /** The file is made where it is not there. */
  readonly makes: boolean;
};

/** A program uses few combinations of flags. */
const openModes = new Map<string, OpenMode>();
const MAX_OPEN_MODES = 1000;

/** What an open does, by its flags as strace prints them, open(2). */
export function openMode(flags: string): OpenMode {
  const known = openModes.get(flags);
  if (known !== undefined) return known;
  const makes = has(flags, 'O_CREAT');
  const follows = !has(flags, 'O_NOFOLLOW') && !(makes && has(flags, 'O_EXCL'));
  const mode = { kinds: openedKinds(flags), follows, makes };
  if (openModes.size < MAX_OPEN_MODES) openModes.set(detached(flags), mode);
  return mode;
}

/** O_RDWR with O_TRUNC reads nothing that was there before. */
function openedKinds(flags: string): TouchKind[] {
  if (has(flags, 'O_PATH')) return ['stat'];
  const kinds: TouchKind[] = [];
  const truncates = has(flags, 'O_TRUNC');
  const makesNew = has(flags, 'O_CREAT') && has(flags, 'O_EXCL');
  const writes = has(flags, 'O_WRONLY') || has(flags, 'O_RDWR');
  const reads = !has(flags, 'O_WRONLY') && !truncates && !makesNew;
  if (has(flags, 'O_TMPFILE')) return ['opened'];
  if (reads) kinds.push('opened');
  if (writes || truncates) kinds.push('written');
  if (has(flags, 'O_CREAT')) kinds.push('created');
  return kinds;
}

/** Whether a flag is among `O_RDONLY|O_CLOEXEC`, alone or in a struct. */
export function has(flags: string, flag: string): boolean {
  const at = flags.indexOf(flag);
  return at >= 0 && !/\w/.test(flags.charAt(at + flag.length)) && !/\w/.test(flags.charAt(at - 1));
}

/**
 * Errors that say that the path is there after all: to make it was the mistake, or to take it for something else.
 * All others (ENOENT, ENOTDIR, EACCES, ...) count as failed look-ups.
 */
const EXISTENCE_ERRNOS = new Set(
  [
    'EEXIST EISDIR ENOTEMPTY EINVAL ENODATA EOPNOTSUPP ENOTSUP ENOEXEC ETXTBSY EBUSY EROFS ERANGE ENXIO EXDEV E2BIG',
    'ELOOP ECONNREFUSED EAGAIN EINPROGRESS EADDRINUSE EPROTOTYPE',
  ].flatMap((line) => line.split(' ')),
);

export function provesExistence(errno: string): boolean {
  return EXISTENCE_ERRNOS.has(errno);
}
