/** Offsets at which the lines of the last text begin: findings of a file come in a row. */
let last: { readonly text: string; readonly starts: readonly number[] } = { text: '', starts: [0] };

/** Where each line of a text begins, ascending; the first at 0. Lines end in LF. */
export function lineStarts(text: string): readonly number[] {
  if (last.text === text) return last.starts;
  const starts = [0];
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  last = { text, starts };
  return starts;
}

/** The index of the line that an offset lies in, from 0; a line feed belongs to the line that it ends. */
export function lineAt(text: string, offset: number): number {
  const starts = lineStarts(text);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** A line without its line feed, by its index from 0; empty where the text has no such line. */
export function textOfLine(text: string, index: number): string {
  const starts = lineStarts(text);
  const start = starts[index];
  if (start === undefined) return '';
  const next = starts[index + 1];
  return text.slice(start, next === undefined ? text.length : next - 1);
}
