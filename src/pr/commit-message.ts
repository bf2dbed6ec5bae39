/** The longest line of a commit's message, as the catalog asks for. */
export const COLUMNS = 75;

/** A text in lines of at most `COLUMNS`; a longer word, such as an address, has a separate line. */
export function wrap(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= COLUMNS)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
}

export type CommitSubject = {
  readonly type: 'feat' | 'fix' | 'docs';
  /** `library`, `examples`, `.github`; null for none. */
  readonly scope: string | null;
  /** What is said, the first way that fits into a line. */
  readonly texts: readonly [string, ...string[]];
};

/** The first line of a message; cut where no way of saying it fits. */
export function subjectLine({ type, scope, texts }: CommitSubject): string {
  const head = `${type}${scope === null ? '' : `(${scope})`}: `;
  const fitting = texts.map((text) => head + text).find((line) => line.length <= COLUMNS);
  return fitting ?? `${(head + texts[0]).slice(0, COLUMNS - 1)}…`;
}

/** The paragraphs of a message, with its trailer as the last. */
export function messageOf(subject: CommitSubject, body: readonly string[], signer: string): string[] {
  return [subjectLine(subject), ...body.map(wrap), `Signed-off-by: ${signer}`];
}
