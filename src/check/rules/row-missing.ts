import { referenceOf } from '../../catalog/entry-files.ts';
import type { Entry } from '../entry.ts';
import type { Edit } from '../finding.ts';
import { compareReferences, type ImageRow, imageRows, rowLike } from '../image-table.ts';
import type { Rule } from '../rule.ts';

export const rowMissing: Rule = {
  code: 'row-missing',
  severity: 'warning',
  about: 'A library entry without its row in the table of the catalog’s README.',
  of: 'entry',
  *check(entry) {
    const { image, frame } = entry;
    if (image === null || frame.readme === null) return;
    const rows = imageRows(frame.readme);
    if (rows.length === 0 || rows.some(({ directory }) => directory === image.directory)) return;
    const { file } = frame.readme;
    const range = rows[0]?.range ?? null;
    const message = `${image.directory} has no row in the table: unikraft.org/${referenceOf(image)}`;
    yield { file, range, message, edits: insertion(entry, rows) };
  },
};

/** A row like its neighbour's, before the first that belongs below it; none whose badge would be of no workflow. */
function insertion(
  { image, workflow, frame: { readme, workflows } }: Entry,
  rows: readonly ImageRow[],
): Edit[] {
  const [last] = rows.slice(-1);
  const hasBadge = workflow !== null || workflows === null;
  if (image === null || readme === null || last === undefined || !hasBadge) return [];
  const below = rows.find(({ reference }) => compareReferences(reference, referenceOf(image)) > 0);
  const like = below ?? last;
  const row = rowLike(like, image);
  const newline = readme.text.slice(like.range.end, like.next) || '\n';
  const at = below?.range.start ?? last.range.end;
  const replacement = below === undefined ? `${newline}${row}` : `${row}${newline}`;
  return [{ file: readme.file, range: { start: at, end: at }, replacement }];
}
