/** One shell command of a README and the text that the author shows after it. */
export type ReadmeCommand = {
  /** The words of the command, quotes taken away, `sudo` and the prompt left out. */
  readonly words: readonly string[];
  /** The words of the command whose output is piped into it; null where there is none. */
  readonly input: readonly string[] | null;
  readonly expected: string | null;
};

/** Programs whose lines in a README say how an app is used; what they print is what is expected. */
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

/** Programs whose lines say nothing of the app's behaviour; they are no text either. */
const OTHER_TOOLS = new Set(['docker', 'cd', 'cat', 'ls', 'git', 'make', 'npm', 'export', 'mkdir', 'sudo']);

/** Programs that show a part of what is piped into them, or show it otherwise. */
const FILTERS = new Set(['jq', 'head', 'tail', 'grep', 'sed', 'awk', 'cut', 'sort', 'wc', 'less']);

/** What a block is called where it holds what is typed, and not what comes. */
const SHELLS = new Set(['bash', 'sh', 'shell', 'console', 'zsh', 'shell-session', 'sh-session']);

type Block = { readonly language: string; readonly lines: readonly string[] };

type Line =
  | { readonly kind: 'text' }
  /** A command without a meaning here. What follows it is its own, and no one else's. */
  | { readonly kind: 'other' }
  | {
      readonly kind: 'command';
      readonly words: string[];
      readonly input: string[] | null;
      filtered: boolean;
    };

/**
 * The commands of a README's fenced code blocks in their order, each with the text that is expected of it: what
 * follows it in its own block, else the very next block where that holds text and no command.
 */
export function readmeCommands(markdown: string): ReadmeCommand[] {
  const commands: { words: string[]; input: string[] | null; expected: string | null }[] = [];
  let last: (typeof commands)[number] | undefined;
  for (const { language, lines } of codeBlocks(markdown)) {
    const read = lines.map((text) => ({ text, line: readLine(text) }));
    if (SHELLS.has(language) && read.every(({ line }) => line.kind !== 'command')) {
      last = undefined;
      continue;
    }
    const text: string[] = [];
    const flush = () => {
      const expected = text.splice(0).join('\n').trim();
      if (expected !== '' && last !== undefined) last.expected ??= expected;
    };
    for (const { text: shown, line } of read) {
      if (line.kind === 'text') {
        text.push(shown);
        continue;
      }
      flush();
      last = undefined;
      if (line.kind === 'other') continue;
      const command = { words: line.words, input: line.input, expected: null };
      commands.push(command);
      // what is shown below is the filter's
      if (!line.filtered) last = command;
    }
    flush();
    if (read.every(({ line }) => line.kind === 'text')) last = undefined;
  }
  return commands;
}

/** The fenced code blocks, CommonMark section 4.5; a line that ends in a backslash is joined with the next. */
function* codeBlocks(markdown: string): Generator<Block> {
  let open: { fence: string; language: string; lines: string[] } | undefined;
  for (const line of markdown.split(/\r?\n/)) {
    const [, fence, info = ''] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (open === undefined) {
      if (fence !== undefined) open = { fence, language: languageOf(info), lines: [] };
    } else if (fence?.startsWith(open.fence) && info.trim() === '') {
      yield { language: open.language, lines: joinContinued(open.lines) };
      open = undefined;
    } else open.lines.push(line);
  }
}

function languageOf(info: string): string {
  return (info.trim().split(/\s+/)[0] ?? '').toLowerCase();
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

function readLine(text: string): Line {
  const line = text.trim();
  const typed = line.replace(/^[$#]\s+/, '').replace(/^sudo\s+/, '');
  const pipeline = splitPipe(typed).map(shellWords);
  const steps = withoutFilters(pipeline);
  const [left = [], right, ...more] = steps;
  const isKnown = more.length === 0 && steps.length > 0 && steps.every(([tool = '']) => TOOLS.has(tool));
  if (isKnown) {
    const filtered = steps.length < pipeline.length;
    return { kind: 'command', words: right ?? left, input: right === undefined ? null : left, filtered };
  }
  const [program = ''] = shellWords(line);
  const isTyped = /^\$\s/.test(line) || OTHER_TOOLS.has(program) || program.startsWith('./');
  // a known program in a line that is not understood
  return { kind: isTyped || (steps.length > 1 && TOOLS.has(program)) ? 'other' : 'text' };
}

function withoutFilters(pipeline: readonly string[][]): readonly string[][] {
  const length = pipeline.findLastIndex(([tool = '']) => !FILTERS.has(tool)) + 1;
  return pipeline.slice(0, length);
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
  /** TCP ports as `-p HOST:GUEST` gives them. */
  readonly ports: readonly { readonly host: number; readonly guest: number }[];
  readonly env: Readonly<Record<string, string>>;
};

const PORT = new Set(['-p', '--port']);
const ENV = new Set(['-e', '--env']);

/** Reads the words of a `kraft run` command; undefined where it is another command. */
export function readKraftRun(words: readonly string[]): KraftRun | undefined {
  if (words[0] !== 'kraft' || words[1] !== 'run') return undefined;
  const ports: { host: number; guest: number }[] = [];
  const env: Record<string, string> = {};
  for (let at = 2; at < words.length; at += 1) {
    const [flag, value] = flagAt(words, at);
    if (PORT.has(flag)) {
      const mapped = /(?:^|:)(\d+):(\d+)(?:-\d+)?(?:\/tcp)?$/.exec(value);
      if (mapped !== null) ports.push({ host: Number(mapped[1]), guest: Number(mapped[2]) });
    } else if (ENV.has(flag) && value.includes('=')) {
      env[value.slice(0, value.indexOf('='))] = value.slice(value.indexOf('=') + 1);
    }
  }
  return { ports, env };
}

/** A flag at a place and its value: `--port=1:2`, `-p1:2` or the next word. */
function flagAt(words: readonly string[], at: number): [string, string] {
  const word = words[at] ?? '';
  const long = /^(--[\w-]+)=(.*)$/s.exec(word);
  if (long !== null) return [long[1] ?? '', long[2] ?? ''];
  const short = /^(-[pe])(.+)$/s.exec(word);
  if (short !== null) return [short[1] ?? '', short[2] ?? ''];
  return [word, words[at + 1] ?? ''];
}
