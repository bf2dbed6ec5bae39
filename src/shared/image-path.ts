declare const brand: unique symbol;

/**
 * An absolute, normalised path inside an image: `/` or `/a/b`, never with `.`, `..`, a doubled or a trailing
 * slash. It names a file of a root file system and is never a path of the host.
 */
export type ImagePath = string & { readonly [brand]: 'ImagePath' };

export const ROOT = '/' as ImagePath;

/**
 * Makes an image path of any text: relative text is taken from `base` (default `/`), `..` stops at the root,
 * as the kernel does it in path_resolution(7).
 * It works on the text alone: `a/../b` is `b` even where `a` is a symbolic link.
 */
export function imagePath(text: string, base: ImagePath = ROOT): ImagePath {
  const parts: string[] = text.startsWith('/') ? [] : segments(base);
  for (const part of text.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}` as ImagePath;
}

/** The names between the slashes; the root has none. */
export function segments(path: ImagePath): string[] {
  return path === ROOT ? [] : path.slice(1).split('/');
}

/** The directory that holds a path; the root holds itself. */
export function parentOf(path: ImagePath): ImagePath {
  const cut = path.lastIndexOf('/');
  return (cut <= 0 ? ROOT : path.slice(0, cut)) as ImagePath;
}

/** The last name of a path; empty for the root. */
export function baseName(path: ImagePath): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A name joined to a directory. The name holds no slash. */
export function childOf(directory: ImagePath, name: string): ImagePath {
  return (directory === ROOT ? `/${name}` : `${directory}/${name}`) as ImagePath;
}

/** Every directory above a path, nearest first, the root left out. */
export function ancestorsOf(path: ImagePath): ImagePath[] {
  const result: ImagePath[] = [];
  for (let at = parentOf(path); at !== ROOT; at = parentOf(at)) result.push(at);
  return result;
}

/** Whether `path` is `directory` or lies below it. */
export function isWithin(path: ImagePath, directory: ImagePath): boolean {
  return path === directory || directory === ROOT || path.startsWith(`${directory}/`);
}

/**
 * Orders paths by their UTF-16 code units, so that a sorted list is the same on every machine and in every locale. That
 * is the order of their bytes in UTF-8, except between U+E000 to U+FFFF and what lies above.
 */
export function comparePaths(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
