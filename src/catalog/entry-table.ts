import { comparePaths } from '../shared/image-path.ts';
import { libraryName, publishedAs, workflowNameOf } from './entry-files.ts';

/** A row of a table in the catalog's README. */
export type TableRow = {
  /** The number of its line, from nought. */
  readonly at: number;
  readonly text: string;
  /** Where its line begins and ends, its line break left out, and where the next line begins. */
  readonly start: number;
  readonly end: number;
  readonly next: number;
};

/** A row that leads to an entry. */
type EntryRow = TableRow & { readonly entry: string };

/** A row of an image of the library. */
export type ImageLink = {
  /** `redis:7.2`, as it is written behind `unikraft.org/`. */
  readonly reference: string;
  /** The directory that it links to, without a slash at its end. */
  readonly directory: string;
};

/** A link to a directory of an entry, relative or by the repository's address. */
const ENTRY_LINK =
  /\]\((?:\.\/|https?:\/\/[^()\s]*\/(?:tree|blob)\/[^/)\s]+\/)?((?:library|examples|native)\/[^)\s#]+?)\/?(?:#[^)\s]*)?\)/;

const IMAGE_LINK = /\[`?unikraft\.org\/([\w.+:-]+)`?\]\(([^()]+)\)/;

/** The rows of all tables, in their order. */
export function tableRows(readme: string): TableRow[] {
  const rows: TableRow[] = [];
  for (let [at, start] = [0, 0]; start < readme.length; at += 1) {
    const found = readme.indexOf('\n', start);
    const next = found === -1 ? readme.length : found + 1;
    const text = readme.slice(start, next).replace(/\r?\n$/, '');
    if (text.startsWith('|')) rows.push({ at, text, start, end: start + text.length, next });
    start = next;
  }
  return rows;
}

/** The rows that lead to entries, in their order. */
export function entryRows(readme: string): EntryRow[] {
  return tableRows(readme).flatMap((row) => {
    const entry = ENTRY_LINK.exec(row.text)?.[1];
    return entry === undefined ? [] : [{ ...row, entry }];
  });
}

/** The image that a row names, and where its link leads; undefined where it names none. */
export function imageLinkOf({ text }: TableRow): ImageLink | undefined {
  const [, reference, link] = IMAGE_LINK.exec(text) ?? [];
  if (reference === undefined || link === undefined) return undefined;
  const [, entry] = ENTRY_LINK.exec(`](${link})`) ?? [];
  return { reference, directory: entry ?? link.replace(/^\.\//, '').replace(/\/$/, '') };
}

/**
 * The README with a row for an entry, sorted into the table that its folder has. A row that is there already is
 * replaced. Undefined where there is no such table.
 */
export function withRow(readme: string, entry: string, row: string): string | undefined {
  const rows = entryRows(readme);
  const [folder] = entry.split('/');
  const table = rows.filter((candidate) => candidate.entry.split('/')[0] === folder);
  const last = table.at(-1);
  if (last === undefined) return undefined;
  const lines = readme.split('\n');
  const end = lines[last.at]?.endsWith('\r') ? '\r' : '';
  const current = table.find((candidate) => candidate.entry === entry);
  const next = table.find((candidate) => compareEntries(candidate.entry, entry) > 0);
  if (current !== undefined) lines.splice(current.at, 1, row + end);
  else lines.splice(next?.at ?? last.at + 1, 0, row + end);
  return lines.join('\n');
}

/** Orders entries as the catalog's tables have them: by name, then by version; numbers count, `1.9` before `1.10`. */
export function compareEntries(a: string, b: string): number {
  const [parts, others] = [a.split('/'), b.split('/')];
  for (const [at, part] of parts.entries()) {
    const other = others[at];
    const order = other === undefined ? 1 : part.localeCompare(other, 'en', { numeric: true });
    if (order !== 0) return order;
  }
  return parts.length - others.length || comparePaths(a, b);
}

/** A row of the table of library entries: its badge, and its image. */
export function libraryRow(entry: string): string {
  const library = libraryName(entry);
  if (library === undefined) throw new Error(`cannot write a row for ${entry}: it is no library entry`);
  const actions = 'https://github.com/unikraft/catalog/actions/workflows';
  const workflow = `${actions}/${workflowNameOf(library)}`;
  return `| [![](${workflow}/badge.svg)](${workflow}) | [\`${publishedAs(library)}\`](${entry}) |`;
}

/** A row of the table of examples: its name, and what it is, in Markdown for a cell. */
export function exampleRow(entry: string, description: string): string {
  const name = entry.split('/').at(-1) ?? entry;
  return `| [\`${name}\`](${entry}) | ${description} |`;
}
