import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What the tool and the programs that it starts may read, besides the catalog. */
const READS: readonly string[] = [
  join(import.meta.dirname, '../..'),
  // node, git, strace and busybox, which are put into containers, and their libraries
  dirname(process.execPath),
  dirname(dirname(process.execPath)),
  '/usr/',
  '/lib',
  '/etc/ld.so.cache',
  '/etc/ssl/',
  '/etc/gitconfig',
  '/etc/nsswitch.conf',
  '/etc/passwd',
  '/etc/hosts',
  '/etc/host.conf',
  '/etc/resolv.conf',
  '/etc/locale.alias',
  '/etc/localtime',
  '/dev/null',
  '/dev/urandom',
  '/proc/',
  // how many processors there are
  '/sys/devices/system/',
  '/sys/fs/cgroup',
];

/** Calls that change something. */
const CHANGES = /^(unlink|rename|mkdir|rmdir|chmod|fchmod|chown|lchown|link|symlink|truncate|utime|mknod)/;

type Places = { readonly path: string; readonly top: string };

/**
 * The calls of a trace (`strace -f -y`) that open, start or change what the tool has no business with: opened files by
 * the path that they really have, the others by the path that was given.
 */
export function foreignCalls(trace: string, { path, top }: Places): string[] {
  // state and its key; a docker client's settings are the user's, and named as the engine's documentation names them
  const ours = [path, join(top, 'xdg-state'), join(tmpdir(), 'kraft-slim-0'), `${tmpdir()}/kraft-slim-`];
  const isOurs = (file: string) =>
    !file.startsWith(join(top, 'host')) &&
    !file.startsWith(join(top, 'home')) &&
    ours.some((place) => file.startsWith(place));
  const isRead = (file: string) => isOurs(file) || READS.some((place) => file.startsWith(place));
  return trace.split('\n').filter((line) => {
    const call = /^\d+ +(\w+)\(/.exec(line)?.[1] ?? '';
    const failed = / = -1 /.test(line);
    if (call === 'execve') return !failed && !isProgram(/execve\("([^"]*)"/.exec(line)?.[1] ?? '');
    const opened = /= \d+<([^>]*)>$/.exec(line)?.[1];
    // such an open names a place, and opens nothing: open(2)
    if (opened !== undefined && /O_PATH/.test(line)) return false;
    if (opened !== undefined) {
      const writes = /O_WRONLY|O_RDWR|O_CREAT/.test(line);
      return !(writes ? isOurs(opened) || opened === '/dev/null' : isRead(opened));
    }
    if (failed || !CHANGES.test(call)) return false;
    // what is changed through a directory that is held open: the name of that directory follows in <>
    return [...line.matchAll(/"([^"]*)"/g)].some(
      ([, file = '']) => file.startsWith('/') && !isOurs(file) && !file.startsWith('/proc/self/fd/'),
    );
  });
}

function isProgram(file: string): boolean {
  return file === process.execPath || /\/git$/.test(file);
}
