import type { Edit } from '../finding.ts';
import { compareRows, type ImageRow, imageRows } from '../image-table.ts';
import type { Rule } from '../rule.ts';

export const rowOrder: Rule = {
  code: 'row-order',
  severity: 'note',
  about: 'A row of the table of images that is not in the order of names and versions.',
  of: 'catalog',
  *check({ frame: { readme } }) {
    if (readme === null) return;
    const rows = imageRows(readme);
    for (const [at, row] of rows.entries()) {
      const above = rows[at - 1];
      if (above === undefined || !isBelow(above, row)) continue;
      const message = `the row of ${row.reference} stands below ${above.reference}`;
      yield { file: readme.file, range: row.range, message, edits: sorted(readme.file, rows) };
    }
  },
};

/** Out of order in every way to sort versions: `2.10` before `2.7` is right by its letters. */
function isBelow(above: ImageRow, row: ImageRow): boolean {
  return compareRows(above, row) > 0 && above.reference > row.reference;
}

/** All rows in their order, where nothing stands between them; a row that is there twice has to go first. */
function sorted(file: string, rows: readonly ImageRow[]): Edit[] {
  const isOneBlock = rows.every(
    ({ next }, at) => at === rows.length - 1 || next === rows[at + 1]?.range.start,
  );
  const hasTwice = new Set(rows.map(({ directory }) => directory)).size < rows.length;
  if (!isOneBlock || hasTwice) return [];
  const order = [...rows].sort(compareRows);
  return rows.flatMap((row, at) => {
    const replacement = order[at]?.text ?? row.text;
    return replacement === row.text ? [] : [{ file, range: row.range, replacement }];
  });
}
