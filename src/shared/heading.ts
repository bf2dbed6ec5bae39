/** A heading of a Markdown text, `## Run and Use`; `level` is the number of its `#`. */
export type MarkdownHeading = { readonly level: number; readonly text: string };

/** The heading that a line is, without the `#` that may close it: CommonMark section 4.2. null for any other line. */
export function headingOf(line: string): MarkdownHeading | null {
  const [opening = ''] = /^#{1,6}(?=[ \t]|$)/.exec(line) ?? [];
  if (opening === '' || opening === line) return null;
  const rest = trimBlanks(line.slice(opening.length));
  let end = rest.length;
  while (end > 0 && rest[end - 1] === '#') end -= 1;
  const isClosed = end === 0 || isBlank(rest[end - 1]);
  return { level: opening.length, text: isClosed ? trimBlanks(rest.slice(0, end)) : rest };
}

function trimBlanks(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isBlank(text[start])) start += 1;
  while (end > start && isBlank(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}
