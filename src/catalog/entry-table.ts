import { libraryName, publishedAs } from './entry-files.ts';

/** A row of a table in the catalog's README that leads to an entry. `at` counts the lines from nought. */
export type TableRow = { readonly at: number; readonly text: string; readonly entry: string };

/** A link to a directory of an entry, relative or by the repository's address. */
const ENTRY_LINK =
  /\]\((?:\.\/|https?:\/\/[^()\s]*\/(?:tree|blob)\/[^/)\s]+\/)?((?:library|examples|native)\/[^)\s#]+?)\/?(?:#[^)\s]*)?\)/;

/** The rows that lead to entries, in their order. */
export function entryRows(readme: string): TableRow[] {
  return readme.split('\n').flatMap((text, at) => {
    const entry = text.startsWith('|') ? ENTRY_LINK.exec(text)?.[1] : undefined;
    return entry === undefined ? [] : [{ at, text: text.replace(/\r$/, ''), entry }];
  });
}

/**
 * The README with a row for an entry, sorted into the table that its folder has. A row that is there already is
 * replaced. Undefined where there is no such table.
 */
export function withRow(readme: string, entry: string, row: string): string | undefined {
  const rows = entryRows(readme);
  const [folder] = entry.split('/');
  const table = rows.filter((one) => one.entry.split('/')[0] === folder);
  const last = table.at(-1);
  if (last === undefined) return undefined;
  const lines = readme.split('\n');
  const end = lines[last.at]?.endsWith('\r') ? '\r' : '';
  const own = table.find((one) => one.entry === entry);
  const next = table.find((one) => compareEntries(one.entry, entry) > 0);
  if (own !== undefined) lines.splice(own.at, 1, row + end);
  else lines.splice(next?.at ?? last.at + 1, 0, row + end);
  return lines.join('\n');
}

/** Orders entries as the catalog's tables have them: by name, then by version, `1.9` before `1.10`. */
export function compareEntries(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

/** A row of the table of library entries: its badge, and its image. */
export function libraryRow(entry: string): string {
  const library = libraryName(entry);
  if (library === undefined) throw new Error(`cannot write a row for ${entry}: it is no library entry`);
  const actions = 'https://github.com/unikraft/catalog/actions/workflows';
  const workflow = `${actions}/library-${library.name}${library.version ?? ''}.yaml`;
  return `| [![](${workflow}/badge.svg)](${workflow}) | [\`${publishedAs(library)}\`](${entry}) |`;
}

/** A row of the table of examples: its name, and what it is, in Markdown for a cell. */
export function exampleRow(entry: string, description: string): string {
  const name = entry.split('/').at(-1) ?? entry;
  return `| [\`${name}\`](${entry}) | ${description} |`;
}
