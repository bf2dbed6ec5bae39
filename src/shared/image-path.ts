import { encodeName } from './file-name.ts';

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

/** The first code unit of a surrogate: half of a character beyond U+FFFF, or a byte that `decodeName` has escaped. */
const FIRST_SURROGATE = 0xd800;

/** Orders paths by their bytes, so that a sorted list is the same on every machine and in every locale. */
export function comparePaths(a: string, b: string): number {
  if (a === b) return 0;
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at += 1) {
    const unit = a.charCodeAt(at);
    const other = b.charCodeAt(at);
    if (unit === other) continue;
    // below the surrogates, the order of code units is that of UTF-8
    if (unit < FIRST_SURROGATE && other < FIRST_SURROGATE) return unit < other ? -1 : 1;
    return Buffer.compare(encodeName(a), encodeName(b));
  }
  return a.length < b.length ? -1 : 1;
}
