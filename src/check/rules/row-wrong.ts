import { referenceOf, workflowNameOf } from '../../catalog/entry-files.ts';
import type { CatalogFrame } from '../frame.ts';
import { type ImageRow, imageOfRow, imageRows, rowLike } from '../image-table.ts';
import type { Rule } from '../rule.ts';

export const rowWrong: Rule = {
  code: 'row-wrong',
  severity: 'error',
  about: 'A row of the table of images whose badge, image and link do not fit together, or lead to no entry.',
  of: 'catalog',
  *check({ frame }) {
    if (frame.readme === null) return;
    const { file } = frame.readme;
    for (const row of imageRows(frame.readme)) {
      const image = imageOfRow(row);
      const why = fault(row, frame);
      if (why === null) continue;
      const isThere = image !== null && frame.library.some(({ directory }) => directory === image.directory);
      const replacement = isThere ? rowLike(row, image) : row.text;
      const edits = replacement === row.text ? [] : [{ file, range: row.range, replacement }];
      yield { file, range: row.range, message: why, edits };
    }
  },
};

function fault(row: ImageRow, { library, workflows }: CatalogFrame): string | null {
  const image = library.find(({ directory }) => directory === row.directory);
  if (image === undefined) return `the row of ${row.reference} links to ${row.directory}, which is no entry`;
  const reference = referenceOf(image);
  if (row.reference !== reference && row.reference !== image.name)
    return `the row of ${image.directory} names ${row.reference}, not ${reference}`;
  if (row.reference === image.name && image.version !== null)
    return `the row of ${image.directory} names ${row.reference} without its version ${image.version}`;
  const other = row.workflows.find((name) => name !== workflowNameOf(image));
  if (other !== undefined) return `the badge of ${reference} is of ${other}, not of ${workflowNameOf(image)}`;
  const missing = workflows === null ? undefined : row.workflows.find((name) => !workflows.has(name));
  return missing === undefined ? null : `the badge of ${reference} is of ${missing}, which is not there`;
}
