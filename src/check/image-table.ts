import { referenceOf, workflowNameOf } from '../catalog/entry-files.ts';
import { compareEntries, type ImageLink, imageLinkOf, tableRows } from '../catalog/entry-table.ts';
import type { SourceFile, TextRange } from '../shared/diagnostic.ts';
import { libraryImageOf } from './entry.ts';
import type { LibraryImage } from './frame.ts';

/** A row of the table of library images in a catalog's README. */
export type ImageRow = ImageLink & {
  readonly text: string;
  /** Its line without the line break. */
  readonly range: TextRange;
  /** Behind its line break. */
  readonly next: number;
  /** Names of the workflows that its badge names, each once. */
  readonly workflows: readonly string[];
};

/** The rows in the order of the text; other tables have none. */
export function imageRows(readme: SourceFile): ImageRow[] {
  return tableRows(readme.text).flatMap((row) => {
    const link = imageLinkOf(row);
    if (link === undefined) return [];
    const { text, start, end, next } = row;
    const named = [...text.matchAll(/workflows\/([\w.+-]+\.ya?ml)/g)].map(([, name]) => name as string);
    return [{ ...link, text, range: { start, end }, next, workflows: [...new Set(named)] }];
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

/** See `compareEntries`: `caddy:2.7`, `caddy:2.10`, `dragonfly:1.14`. */
export function compareRows(first: ImageRow, other: ImageRow): number {
  return compareReferences(first.reference, other.reference);
}

export function compareReferences(first: string, other: string): number {
  return compareEntries(first.replace(':', '/'), other.replace(':', '/'));
}

/** The image that a row says it is of; null where it links elsewhere. */
export function imageOfRow({ directory }: ImageRow): LibraryImage | null {
  return libraryImageOf(directory);
}
