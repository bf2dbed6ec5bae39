import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printedBy } from '../../src/workload/printed.ts';

/** What the machine's own program writes; undefined where that is no UTF-8 or it refuses the words. */
function reallyPrinted(words: readonly string[]): string | undefined {
  const [tool = '', ...args] = words;
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C.UTF-8' };
  const bytes = execFileSync(tool, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}

const LINES: readonly (readonly string[])[] = [
  ['printf', '%s\\r\\n', 'PING'],
  ['printf', '%s\\r\\n', 'PING', 'QUIT', 'x'],
  ['printf', '0035git-upload-pack /a.git\\0host=localhost\\0'],
  ['printf', '\\x41\\101\\0\\n'],
  ['printf', 'a\\tb\\r\\n\\\\'],
  ['printf', '100%%'],
  ['printf', '%d-%05d-%x-%X-%o|%5s|%-5s|%.2s', '7', '42', '255', '255', '8', 'ab', 'cd', 'efgh'],
  ['printf', '%b', 'a\\0101\\n'],
  ['printf', 'a\\cb'],
  ['printf', '%s'],
  ['printf', 'plain', 'word', 'never printed'],
  ['printf', '\\u00e9\\U0001F600'],
  ['printf', 'é'],
  ['printf', '%5s', 'é'],
  ['printf', '%c', 'abc'],
  ['printf', '%d', '-7'],
  ['printf', '%05d', '-7'],
  ['echo', 'a\\nb'],
  ['echo', '-e', 'a\\nb\\x41\\0101'],
  ['echo', '-n', 'PING'],
  ['echo', '-ne', 'PING\\r\\n'],
  ['echo', '-E', '-e', 'a\\n'],
  ['echo', '-e', '-E', 'a\\n'],
  ['echo', 'a', '-n'],
  ['echo', '-nx', 'a'],
  ['echo', '-e', 'a\\cb', 'c'],
  ['echo'],
];

describe('is printed as the program itself prints it:', () => {
  test.each(LINES.map((words) => [JSON.stringify(words), words] as const))('%s', (_, words) => {
    const printed = printedBy(words);
    expect(printed).toBeDefined();
    expect(printed).toBe(reallyPrinted(words));
  });
});

describe('gives no text, and so no probe:', () => {
  test.each([
    ['a directive that is not known', ['printf', '%q', 'a b']],
    ['a number that is none', ['printf', '%d', 'many']],
    ['a width from a word', ['printf', '%*d', '5', '1']],
    ['bytes that are no UTF-8', ['printf', '\\xff\\xfe']],
    ['an option of printf', ['printf', '-v', 'name', 'x']],
    ['no format', ['printf']],
    ['a width beyond reason', ['printf', '%9999999s', 'x']],
    ['another program', ['cat', 'file']],
  ])('%s', (_, words) => {
    expect(printedBy(words)).toBeUndefined();
  });
});

test('any words are printed as the program prints them, or not at all', () => {
  const piece = fc.constantFrom(
    'a',
    'é',
    '%s',
    '%d',
    '%b',
    '%%',
    '\\n',
    '\\r',
    '\\0',
    '\\x41',
    '\\101',
    '\\c',
    '-',
    ' ',
  );
  const word = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''));
  const line = fc.tuple(
    fc.constantFrom('printf', 'echo'),
    fc.constantFrom('-e', '-n', 'x'),
    fc.array(word, { maxLength: 3 }),
  );
  fc.assert(
    fc.property(line, ([tool, option, words]) => {
      const all = tool === 'echo' ? [tool, option, ...words] : [tool, ...words];
      const printed = printedBy(all);
      if (printed !== undefined) expect(printed).toBe(reallyPrinted(all));
    }),
    { numRuns: 150 },
  );
});
