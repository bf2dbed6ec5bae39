import type { SourceFile, TextRange } from '../shared/diagnostic.ts';
import { type LibraryImage, libraryImageOf, referenceOf, workflowNameOf } from './entry.ts';
import { linesOf } from './house-text.ts';
import { compareVersions } from './versions.ts';

/** A row of the table of library images in a catalog's README. */
export type ImageRow = {
  readonly text: string;
  /** Its line without the line break. */
  readonly range: TextRange;
  /** Behind its line break. */
  readonly next: number;
  /** `redis:7.2`, as it is written behind `unikraft.org/`. */
  readonly reference: string;
  /** The directory that it links to, without a slash at its end. */
  readonly directory: string;
  /** Names of the workflows that its badge names, each once. */
  readonly workflows: readonly string[];
};

const IMAGE = /\[`?unikraft\.org\/([\w.+:-]+)`?\]\(([^()]+)\)/;

/** The rows in the order of the text; other tables have none. */
export function imageRows({ text }: SourceFile): ImageRow[] {
  return linesOf(text).flatMap(({ start, end, next }) => {
    const line = text.slice(start, end);
    const [, reference, link] = line.startsWith('|') ? (IMAGE.exec(line) ?? []) : [];
    if (reference === undefined || link === undefined) return [];
    const workflows = new Set(
      [...line.matchAll(/workflows\/([\w.+-]+\.ya?ml)/g)].map(([, name]) => name as string),
    );
    const directory = link
      .replace(/^.*\/(?:tree|blob)\/\w+\//, '')
      .replace(/^\.\//, '')
      .replace(/\/$/, '');
    return [{ text: line, range: { start, end }, next, reference, directory, workflows: [...workflows] }];
  });
}

/** A row for an image, written like another. */
export function rowLike(row: ImageRow, image: LibraryImage): string {
  return row.text
    .replaceAll(/workflows\/[\w.+-]+\.ya?ml/g, `workflows/${workflowNameOf(image)}`)
    .replace(`unikraft.org/${row.reference}`, `unikraft.org/${referenceOf(image)}`)
    .replace(row.directory, () => image.directory)
    .replace(`](${row.directory}`, `](${image.directory}`);
}

/** By name and then by version: `caddy:2.7`, `caddy:2.10`, `dragonfly:1.14`. */
export function compareRows(one: ImageRow, other: ImageRow): number {
  return compareReferences(one.reference, other.reference);
}

export function compareReferences(one: string, other: string): number {
  const [a = '', x = ''] = one.split(':');
  const [b = '', y = ''] = other.split(':');
  return a === b ? compareVersions(x, y) : a < b ? -1 : 1;
}

/** The image that a row says it is of; null where it links elsewhere. */
export function imageOfRow({ directory }: ImageRow): LibraryImage | null {
  return libraryImageOf(directory);
}
