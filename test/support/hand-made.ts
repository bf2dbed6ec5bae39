import type { FullImage } from './full-image.ts';

/**
 * The databases of the system that a set made by hand needs as the result does: time zones by their plain names,
 * certificates, the locale C.UTF-8, terminals, users and services, media types.
 */
export const DATABASES = [
  '/usr/share/zoneinfo',
  '/etc/localtime',
  '/etc/ssl/certs',
  '/usr/lib/locale/C.utf8',
  '/lib/terminfo',
  '/etc/passwd',
  '/etc/group',
  '/etc/services',
  '/etc/protocols',
  '/etc/nsswitch.conf',
  '/etc/mime.types',
];

/** Bytes of everything below paths of a full image, and of all that ldd names for the programs in it, each once. */
export async function handMadeBytes(image: FullImage, paths: readonly string[]): Promise<number> {
  const script = `
    files=$(find "$@" \\( -path '*/zoneinfo/right' -o -path '*/zoneinfo/posix' \\) -prune -o \\( -type f -o -type l \\) -print 2>/dev/null)
    libraries=$(for file in $files; do ldd "$file" 2>/dev/null; done | grep -o '/[^ ]*' | sort -u)
    for file in $files $libraries; do readlink -f "$file"; done | sort -u | xargs stat -c '%F %s' | grep '^regular'`;
  const lines = await image.run(['bash', '-c', script, 'sh', ...paths]);
  return lines.split('\n').reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
