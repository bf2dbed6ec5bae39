import { assertWithin, LIMITS } from '../shared/limits.ts';
import { codeBlocks } from './code-blocks.ts';
import { withoutReadmeBlocks } from './readme-blocks.ts';
import { type SimpleCommand, shellPipeline, shellWords } from './shell-line.ts';

/** One shell command of a README and the text that the author shows after it. */
export type ReadmeCommand = {
  /** The words of the command, quotes taken away, `sudo` and the prompt left out. */
  readonly words: readonly string[];
  /** The words of the command whose output is piped into it; null where there is none. */
  readonly input: readonly string[] | null;
  /** The variables set for it alone: `PGPASSWORD=x psql`. */
  readonly env: Readonly<Record<string, string>>;
  /** For a program that is used by hand, all that is typed at its prompts and shown. */
  readonly expected: string | null;
};

/** Programs whose lines in a README say how an app is used; what they print is what is expected. */
const TOOLS = new Set([
  'kraft',
  'unikraft',
  'curl',
  'wget',
  'nc',
  'telnet',
  'redis-cli',
  'mysql',
  'mariadb',
  'mysqladmin',
  'mariadb-admin',
  'psql',
  'printf',
  'echo',
  // clients of which no probe is made: a warning names their lines
  'ab',
  'dig',
  'grpcurl',
  'http',
  'ldapsearch',
  'mongosh',
  'nslookup',
  'openssl',
  'valkey-cli',
  'websocat',
  'wrk',
]);

/** Programs whose lines say nothing of the app's behaviour; they are no text either. */
const OTHER_TOOLS = new Set(['docker', 'cd', 'cat', 'ls', 'git', 'make', 'npm', 'export', 'mkdir', 'sudo']);

/** Programs that show a part of what is piped into them, or show it otherwise. */
const FILTERS = new Set(['jq', 'head', 'tail', 'grep', 'sed', 'awk', 'cut', 'sort', 'wc', 'less']);

/** What a block is called where it holds what is typed, and not what comes. */
const SHELLS = new Set(['bash', 'sh', 'shell', 'console', 'zsh', 'shell-session', 'sh-session']);

/** The prompt of a client that is used by hand: `127.0.0.1:6379> `, `MariaDB [(none)]> `, `postgres=# `. */
const CLIENT_PROMPT = /^(?:[\w.:-]+(?:\[\d+\])?|(?:mysql|MariaDB) ?(?:\[[^\]]*\])?)>\s|^\w+=[#>]\s/;

type Line =
  | { readonly kind: 'text' }
  /** A command without a meaning here. What follows it is its own, and no one else's. */
  | { readonly kind: 'other' }
  | {
      readonly kind: 'command';
      readonly words: string[];
      readonly input: string[] | null;
      readonly env: Readonly<Record<string, string>>;
      readonly filtered: boolean;
    };

/**
 * The commands of a README's fenced code blocks in their order, each with the text that is expected of it: what
 * follows it in its own block, else the very next block where that holds text and no command. What the tool itself
 * has put between markers says nothing.
 * @throws UserError `limit-exceeded`
 */
export function readmeCommands(markdown: string): ReadmeCommand[] {
  const commands: (Omit<ReadmeCommand, 'expected'> & { expected: string | null })[] = [];
  let last: (typeof commands)[number] | undefined;
  for (const { language, lines } of codeBlocks(withoutReadmeBlocks(markdown))) {
    const read = lines.map((text) => ({ text, line: readLine(text) }));
    const isTyped = SHELLS.has(language) && !lines.some((text) => CLIENT_PROMPT.test(text));
    if (isTyped && read.every(({ line }) => line.kind !== 'command')) {
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
      const { kind: _, filtered, ...said } = line;
      const command = { ...said, expected: null };
      commands.push(command);
      assertWithin(
        commands.length,
        LIMITS.readmeCommands,
        'cannot read the README: it has more than % commands',
      );
      // what is shown below is the filter's
      if (!filtered) last = command;
    }
    flush();
    if (read.every(({ line }) => line.kind === 'text')) last = undefined;
  }
  return commands;
}

/**
 * Whether a reader of READMEs would take any line of what an app printed for a command, once it stands in a code
 * block.
 */
export function holdsCommand(printed: string): boolean {
  const lines = printed.split(/\r?\n/).map((line) => line.replace(/\\$/, ''));
  // a line that ends in a backslash is read together with the next
  return [...lines, lines.join(' ')].some((line) => readLine(line).kind !== 'text');
}

/** A separate command with the text that is expected of it; undefined where it uses no app. */
export function readCommand(text: string, expected: string | null): ReadmeCommand | undefined {
  const line = readLine(text);
  if (line.kind !== 'command') return undefined;
  return { words: line.words, input: line.input, env: line.env, expected: line.filtered ? null : expected };
}

function readLine(text: string): Line {
  const line = text.trim();
  // a row of a table that a database shows
  if (line.startsWith('|')) return { kind: 'text' };
  const typed = line.replace(/^[$#]\s+/, '').replace(/^sudo\s+/, '');
  const pipeline = shellPipeline(typed);
  const steps = withoutFilters(pipeline);
  const [left, right, ...more] = steps;
  const isKnown = more.length === 0 && steps.every(({ words: [tool = ''] }) => TOOLS.has(tool));
  if (isKnown && left !== undefined) {
    const { words, env } = right ?? left;
    const input = right === undefined ? null : left.words;
    return { kind: 'command', words, input, env, filtered: steps.length < pipeline.length };
  }
  const [program = ''] = shellWords(line);
  const isTyped = /^\$\s/.test(line) || OTHER_TOOLS.has(program) || program.startsWith('./');
  // a known program in a line that is not understood
  return { kind: isTyped || (steps.length > 1 && TOOLS.has(program)) ? 'other' : 'text' };
}

function withoutFilters(pipeline: readonly SimpleCommand[]): readonly SimpleCommand[] {
  const length = pipeline.findLastIndex(({ words: [tool = ''] }) => !FILTERS.has(tool)) + 1;
  return pipeline.slice(0, length);
}
