import { describe, expect, test } from 'vitest';
import { codeBlocks } from '../../src/entry/code-blocks.ts';
import { markdownLines } from '../../src/entry/markdown-lines.ts';
import { readmeRuns } from '../../src/entry/readme-runs.ts';

const blocksOf = (...lines: string[]) =>
  [...codeBlocks(`${lines.join('\n')}\n`)].map(({ language, lines: code }) => [language, ...code]);

describe('a fenced block is seen', () => {
  test.each([
    ['at the margin', ['```sh', 'a', '```'], ['sh', 'a']],
    ['up to three blanks in', ['   ```sh', '   a', '   ```'], ['sh', 'a']],
    ['below an item of a list', ['- Run it:', '', '  ```sh', '  a', '    b', '  ```'], ['sh', 'a', '  b']],
    ['below a numbered item', ['10. Run it:', '    ```sh', '    a', '    ```'], ['sh', 'a']],
    ['below an item of an item', ['- x', '  1. y', '     ```sh', '     a', '     ```'], ['sh', 'a']],
    ['indented by tabs', ['1.\tRun it:', '', '\t```sh', '\ta', '\t```'], ['sh', 'a']],
    ['behind the mark of its item', ['10. ```sh', '    a', '    ```'], ['sh', 'a']],
    [
      'after other paragraphs of the item',
      ['* x', '', '  y', '', '  z', '     ```', '     a', '     ```'],
      ['', 'a'],
    ],
    ['until its item ends', ['10. x', '    ```sh', '    a', 'no code'], ['sh', 'a']],
    ['with blank lines in it', ['10. x', '    ```', '    a', '', '    b', '    ```'], ['', 'a', '', 'b']],
    ['with lines at the margin', ['1. x', '   ```', 'a', '   ```'], ['', 'a']],
    ['with shorter fences in it', ['````', '```', '````'], ['', '```']],
    ['with other fences in it', ['~~~ Sh x', '```', '~~~'], ['sh', '```']],
  ])('%s', (_, lines, block) => {
    expect(blocksOf(...lines)).toEqual([block]);
  });
});

describe('no fenced block is', () => {
  test.each([
    ['indented code', ['text', '', '    ```', '    a', '    ```']],
    ['indented code of an item', ['- x', '', '      ```', '      a', '      ```']],
    ['a fence that is never closed', ['```', 'a']],
    ['code between backticks of a line', ['```a```']],
    ['below a list that has ended', ['10. x', '', 'text', '', '    ```', '    a', '    ```']],
  ])('%s', (_, lines) => {
    expect(blocksOf(...lines)).toEqual([]);
  });
});

test('a run that a README shows below an item of a list is read', () => {
  const readme = '1. Build it\n\n10. Run it:\n\n    ```console\n    $ kraft run -p 8080:80 .\n    ```\n';
  expect(readmeRuns(readme).map(({ run: { ports } }) => ports)).toMatchObject([[{ host: 8080, guest: 80 }]]);
});

test('the lines are all of the text, in their places', () => {
  const text = '# a\r\n\n- b\n  ```sh\r\n  c\n  ```\nd';
  const lines = [...markdownLines(text)];
  expect(lines.map(({ kind }) => kind)).toEqual(['text', 'text', 'text', 'open', 'code', 'close', 'text']);
  expect(lines.map(({ start, next }) => text.slice(start, next)).join('')).toBe(text);
  expect(lines.map(({ start, end }) => text.slice(start, end))).toEqual(text.split(/\r?\n/));
});

test.each([
  ['marks of items on a line', '- '.repeat(200_000)],
  ['items in items', `${Array.from({ length: 2_000 }, (_, at) => `${' '.repeat(at)}- `).join('\n')}\n`],
  ['backticks', `${'`'.repeat(400_000)}a\``],
  ['blanks', `- a\n${' '.repeat(400_000)}\n${'\t'.repeat(400_000)}`],
  ['fences in an item', `10. x\n${'    ```\n    a\n    ```\n'.repeat(20_000)}`],
])('%s take time linear in their number', (_, text) => {
  const begun = performance.now();
  expect([...markdownLines(text)].length).toBeGreaterThan(0);
  expect(performance.now() - begun).toBeLessThan(3_000);
});
