/** One shell command of a README and the text that the author shows after it. */
export type ReadmeCommand = {
  /** The words of the command, quotes taken away, `sudo` and the prompt left out. */
  readonly words: readonly string[];
  /** The words of the command whose output is piped into it; null where there is none. */
  readonly input: readonly string[] | null;
  readonly expected: string | null;
};

/** Programs whose lines in a README say how an app is used; any other line of a code block is text. */
const TOOLS = new Set([
  'kraft',
  'curl',
  'wget',
  'nc',
  'telnet',
  'redis-cli',
  'mysql',
  'psql',
  'printf',
  'echo',
]);

type Block = { readonly lines: readonly string[]; readonly start: number };

/**
 * The commands of a README's fenced code blocks in their order, each with the text that is expected of it:
 * what follows it in its own block, else the next block where that holds text and no command.
 */
export function readmeCommands(markdown: string): ReadmeCommand[] {
  const commands: { words: string[]; input: string[] | null; expected: string | null }[] = [];
  let last: (typeof commands)[number] | undefined;
  for (const block of codeBlocks(markdown)) {
    const text: string[] = [];
    const flush = () => {
      const expected = text.splice(0).join('\n').trim();
      if (expected !== '' && last !== undefined && last.expected === null) last.expected = expected;
    };
    for (const line of block.lines) {
      const words = commandWords(line);
      if (words === undefined) {
        text.push(line);
        continue;
      }
      flush();
      last = { ...words, expected: null };
      commands.push(last);
    }
    flush();
  }
  return commands;
}

/** The fenced code blocks, CommonMark section 4.5; a line that ends in a backslash is joined with the next. */
function* codeBlocks(markdown: string): Generator<Block> {
  let fence: string | undefined;
  let lines: string[] = [];
  let start = 0;
  for (const [index, line] of markdown.split(/\r?\n/).entries()) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === undefined) {
      if (mark !== undefined) {
        fence = mark;
        start = index + 1;
      }
    } else if (mark?.startsWith(fence) && line.trim() === mark) {
      yield { lines: joinContinued(lines), start };
      fence = undefined;
      lines = [];
    } else lines.push(line);
  }
}

function joinContinued(lines: readonly string[]): string[] {
  const joined: string[] = [];
  let open = '';
  for (const line of lines) {
    if (line.endsWith('\\')) open += `${line.slice(0, -1).trimEnd()} `;
    else {
      joined.push(open === '' ? line : open + line.trim());
      open = '';
    }
  }
  if (open !== '') joined.push(open.trimEnd());
  return joined;
}

function commandWords(line: string): { words: string[]; input: string[] | null } | undefined {
  const stripped = line
    .trim()
    .replace(/^[$#]\s+/, '')
    .replace(/^sudo\s+/, '');
  const [left, right, ...more] = splitPipe(stripped);
  const words = shellWords(right ?? left ?? '');
  const input = right === undefined ? null : shellWords(left ?? '');
  if (more.length > 0 || !TOOLS.has(words[0] ?? '') || (input !== null && !TOOLS.has(input[0] ?? '')))
    return undefined;
  return { words, input };
}

function splitPipe(line: string): string[] {
  return line.match(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^|"'\\])+/g) ?? [];
}

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

/** What a `kraft run` line says about how the app is run. */
export type KraftRun = {
  /** Ports as `-p HOST:GUEST` gives them. */
  readonly ports: readonly { readonly host: number; readonly guest: number }[];
  /** Memory of `-M`, in MiB; null where it says nothing. */
  readonly memoryMiB: number | null;
  readonly env: Readonly<Record<string, string>>;
};

/** The flags of `kraft run` that take a value; those that no one reads are known so that their value is skipped. */
const PORT = new Set(['-p', '--port']);
const MEMORY = new Set(['-M', '--memory']);
const ENV = new Set(['-e', '--env']);

/** Reads the words of a `kraft run` command; undefined where it is another command. */
export function readKraftRun(words: readonly string[]): KraftRun | undefined {
  if (words[0] !== 'kraft' || words[1] !== 'run') return undefined;
  const ports: { host: number; guest: number }[] = [];
  const env: Record<string, string> = {};
  let memoryMiB: number | null = null;
  for (let at = 2; at < words.length; at += 1) {
    const [flag, value] = flagAt(words, at);
    if (PORT.has(flag)) {
      const mapped = /(?:^|:)(\d+):(\d+)(?:-\d+)?(?:\/\w+)?$/.exec(value);
      if (mapped !== null) ports.push({ host: Number(mapped[1]), guest: Number(mapped[2]) });
    } else if (MEMORY.has(flag)) memoryMiB = mebibytes(value);
    else if (ENV.has(flag) && value.includes('=')) {
      env[value.slice(0, value.indexOf('='))] = value.slice(value.indexOf('=') + 1);
    }
  }
  return { ports, memoryMiB, env };
}

/** A flag at a place and its value: `--port=1:2`, `-p1:2` or the next word. */
function flagAt(words: readonly string[], at: number): [string, string] {
  const word = words[at] ?? '';
  const long = /^(--[\w-]+)=(.*)$/s.exec(word);
  if (long !== null) return [long[1] ?? '', long[2] ?? ''];
  const short = /^(-[pMe])(.+)$/s.exec(word);
  if (short !== null) return [short[1] ?? '', short[2] ?? ''];
  return [word, words[at + 1] ?? ''];
}

/** `512`, `512M`, `512Mi`, `1G` in MiB; kraft takes a bare number for bytes, a README means MiB by it. */
function mebibytes(text: string): number | null {
  const found = /^(\d+)\s*([KMG]?)i?B?$/i.exec(text);
  if (found === null) return null;
  const unit = { K: 1 / 1024, M: 1, '': 1, G: 1024 }[(found[2] ?? '').toUpperCase()] ?? 1;
  return Math.max(1, Math.round(Number(found[1]) * unit));
}
