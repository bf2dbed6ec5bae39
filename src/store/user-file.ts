import { appendFileSync, createWriteStream, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Writable } from 'node:stream';
import { realOrSame } from './inside.ts';
import type { FileKind } from './limits.ts';
import { readText } from './read.ts';

/*
 * Files that the user names on the command line, or the machine in the environment: their paths are the user's word, so
 * that links in them are followed, `/dev/stdout` among them. No path here comes from a catalog.
 */

/** Writes a file that the user names. */
export function writeUserFile(path: string, text: string): void {
  writeFileSync(path, text);
}

/** Appends to a file that the user names. */
export function appendToUserFile(path: string, text: string): void {
  appendFileSync(path, text);
}

/** A stream into a file that the user names; `open` is emitted when it is there, `error` where it cannot be. */
export function streamToUserFile(path: string): Writable {
  return createWriteStream(path);
}

/** The text of a regular file that the user names, of bounded size. */
export function readUserText(path: string, kind: FileKind): string {
  const real = realOrSame(path);
  const text = readText(real, { root: dirname(real), kind });
  if (text === null) throw new Error(`there is no ${path}`);
  return text;
}

/** Whether a path that the user names is a directory; null where nothing is there. */
export function isUserDirectory(path: string): boolean | null {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? null;
}

/** The files in and below a directory that the user names, by their paths from there; links are not followed. */
export function filesInUserDirectory(path: string): string[] {
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile());
  return names.map(({ parentPath, name }) => relative(path, join(parentPath, name)));
}
