/** What is typed at the prompt of a program that is used by hand, and what comes. */
export type Exchange = { readonly typed: string; readonly shown: readonly string[] };

/** How the prompts of a program look; the first group is what is typed after it. */
export type Prompts = {
  readonly first: RegExp;
  /** The prompt of a line that goes on where the one before was not complete. */
  readonly more?: RegExp;
};

/** What is typed to leave, which says nothing of the app. */
const LEAVING = /^(?:exit|quit|bye|\\q)\s*;?$/i;

/** The exchanges of a session as a README shows it; what stands above the first prompt is the program's greeting. */
export function readSession(text: string, { first, more }: Prompts): Exchange[] {
  const exchanges: { typed: string; shown: string[] }[] = [];
  for (const line of text.split('\n')) {
    const last = exchanges.at(-1);
    const prompt = first.exec(line);
    const continued = last?.shown.length === 0 ? more?.exec(line)?.[1] : undefined;
    if (prompt !== null) exchanges.push({ typed: (prompt[1] ?? '').trim(), shown: [] });
    else if (last !== undefined && continued !== undefined) last.typed += `\n${continued}`;
    else last?.shown.push(line);
  }
  return exchanges.filter(({ typed }) => typed !== '' && !LEAVING.test(typed));
}

/** What a program without a terminal reads in place of a person's typing. */
export function typedText(exchanges: readonly Exchange[]): string {
  return exchanges.map(({ typed }) => `${typed}\n`).join('');
}

/** What is shown in a session as one expected text, in which other lines may stand between the answers. */
export function shownText(exchanges: readonly Exchange[]): string | null {
  const answers = exchanges.map(({ shown }) => shown.join('\n').trim()).filter((answer) => answer !== '');
  return answers.length === 0 ? null : answers.join('\n...\n');
}
