import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { CLI } from './cli.ts';

/** A run of the command in a separate terminal. */
export type TerminalRun = {
  /** Resolves with all output once the terminal has shown a text; rejects when the run ends before. */
  readonly shows: (pattern: RegExp) => Promise<string>;
  /** Types a key: `\x03` is Ctrl-C. */
  readonly type: (key: string) => void;
  /** The process of the command itself. */
  readonly pid: () => Promise<number>;
  readonly ended: Promise<{ readonly exitCode: number | null; readonly screen: Screen }>;
};

/** What a terminal shows in the end: lines without those that are empty, and whether the cursor can be seen. */
export type Screen = { readonly lines: readonly string[]; readonly isCursorVisible: boolean };

/** Starts the command in a pseudo terminal, which script(1) makes. */
export function startInTerminal(
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): TerminalRun {
  const words = [process.execPath, CLI, ...args].map((word) => `'${word}'`);
  const { CI: _, ...inherited } = process.env;
  const child = spawn('script', ['-qec', `stty cols 120 rows 40; exec ${words.join(' ')}`, '/dev/null'], {
    cwd,
    env: { ...inherited, TERM: 'xterm', COLUMNS: '200', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (data: string) => {
    text += data;
  });
  const ended = once(child, 'close').then(([exitCode]) => ({ exitCode, screen: screenOf(text) }));
  return {
    type: (key) => child.stdin.write(key),
    pid: async () => Number(await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')),
    ended,
    shows: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (pattern.test(text)) resolve(text);
        };
        child.stdout.on('data', look);
        ended.then(() => reject(new Error(`the command ended before it showed ${pattern}:\n${text}`)));
        look();
      }),
  };
}

/** Plays what a program wrote as a terminal does, as far as programs that redraw lines go: ECMA-48. */
export function screenOf(text: string): Screen {
  const lines: string[] = [''];
  let row = 0;
  let column = 0;
  let isCursorVisible = true;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal obeys them
  const pattern = /\u001b\[(\??)([\d;]*)([A-Za-z])|\u001b\][^\u0007]*\u0007|[\r\n]|[^\u001b\r\n]+/g;
  for (const [whole, mark, number = '', command] of text.matchAll(pattern)) {
    const count = Number.parseInt(number, 10) || 1;
    const line = lines[row] ?? '';
    if (whole === '\r') column = 0;
    else if (whole === '\n') row += 1;
    else if (mark === '?') isCursorVisible = number === '25' ? command === 'h' : isCursorVisible;
    else if (command === 'A') row = Math.max(0, row - count);
    else if (command === 'B') row += count;
    else if (command === 'G') column = count - 1;
    else if (command === 'K' && number === '2') lines[row] = '';
    else if (command === 'K' && number === '1') lines[row] = ' '.repeat(column) + line.slice(column);
    else if (command === 'K') lines[row] = line.slice(0, column);
    else if (command === 'J') lines.splice(row, lines.length, line.slice(0, column));
    else if (command === undefined && !whole.startsWith('\u001b')) {
      lines[row] = line.padEnd(column).slice(0, column) + whole + line.slice(column + whole.length);
      column += whole.length;
    }
    lines[row] ??= '';
  }
  const kept = [...lines].map((line) => (line ?? '').trimEnd()).filter((line) => line !== '');
  return { lines: kept, isCursorVisible };
}
