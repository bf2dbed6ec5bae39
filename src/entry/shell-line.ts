/** The words of a simple shell command: quotes and backslashes are taken away, nothing is expanded. */
export function shellWords(command: string): string[] {
  const words: string[] = [];
  const pattern = /(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])+/g;
  for (const [word] of command.matchAll(pattern)) {
    words.push(
      word.replace(/"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/g, (_, double, single, escaped) =>
        double === undefined ? (single ?? escaped) : double.replace(/\\(["\\$`])/g, '$1'),
      ),
    );
  }
  return words;
}

/** One command of a pipeline. */
export type SimpleCommand = {
  readonly words: string[];
  /** The assignments before it: `PGPASSWORD=x psql`. */
  readonly env: Readonly<Record<string, string>>;
};

/** The commands of a pipeline, in their order. */
export function shellPipeline(line: string): SimpleCommand[] {
  return splitPipe(line).map((step) => withoutAssignments(shellWords(step)));
}

function splitPipe(line: string): string[] {
  return line.match(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^|"'\\])+/g) ?? [];
}

function withoutAssignments(words: readonly string[]): SimpleCommand {
  const isAssignment = (word: string) => /^[A-Za-z_]\w*=/.test(word);
  const first = words.findIndex((word) => !isAssignment(word));
  if (first <= 0) return { words: [...words], env: {} };
  const pairs = words
    .slice(0, first)
    .map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]);
  return { words: words.slice(first), env: Object.fromEntries(pairs) };
}
