import { describe, expect, test } from 'vitest';
import { readmeCommands } from '../../src/entry/readme.ts';
import { readReadmeBlocks, withoutReadmeBlocks } from '../../src/entry/readme-blocks.ts';
import { showDiagnostic } from '../../src/shared/diagnostic.ts';

const BEGIN = '<!-- kraft-slim:begin sizes -->';
const END = '<!-- kraft-slim:end -->';

/** Names and texts of the blocks. */
function blocksOf(markdown: string) {
  const { blocks, diagnostics } = readReadmeBlocks(markdown);
  expect(diagnostics).toEqual([]);
  return blocks.map(({ name, inside }) => [name, markdown.slice(inside.start, inside.end)]);
}

describe('a block is what stands between its markers', () => {
  test.each([
    ['nothing', `a\n${BEGIN}\n${END}\nb\n`, ''],
    ['lines', `${BEGIN}\nx\n\ny\n${END}`, 'x\n\ny\n'],
    ['lines of DOS', `${BEGIN}\r\nx\r\n${END}\r\n`, 'x\r\n'],
    ['code with a marker in it', `${BEGIN}\n\`\`\`\n${END}\n\`\`\`\n${END}\n`, `\`\`\`\n${END}\n\`\`\`\n`],
    ['an indented marker', `  ${BEGIN}\nx\n   ${END}  \n`, 'x\n'],
  ])('%s', (_, markdown, inside) => {
    expect(blocksOf(markdown)).toEqual([['sizes', inside]]);
  });

  test('there may be more than one', () => {
    const other = BEGIN.replace('sizes', 'expected-output');
    expect(blocksOf(`${BEGIN}\na\n${END}\n${other}\nb\n${END}\n`)).toEqual([
      ['sizes', 'a\n'],
      ['expected-output', 'b\n'],
    ]);
  });
});

describe('no marker is', () => {
  test.each([
    ['one in a fence', `\`\`\`html\n${BEGIN}\n\`\`\`\n`],
    ['one in a longer fence', `~~~~\n~~~\n${BEGIN}\n~~~~\n`],
    ['one in a fence that is never closed', `\`\`\`\n${BEGIN}\n`],
    ['one in indented code', `    ${BEGIN}\n`],
    ['one in the midst of a line', `Write \`${BEGIN}\` above it.\n`],
    ['another comment', '<!-- kraft: begin sizes -->\n'],
  ])('%s', (_, markdown) => {
    expect(blocksOf(markdown)).toEqual([]);
  });

  test('code in a line does not hide what follows', () => {
    expect(blocksOf(`\`\`\`a\`\`\`\n${BEGIN}\n${END}\n`)).toHaveLength(1);
  });
});

test.each([
  ['an end alone', `a\n${END}\n`, 'README.md:2:1: there is no kraft-slim:begin above this kraft-slim:end'],
  ['a begin alone', `a\n  ${BEGIN}\n`, 'README.md:2:3: there is no kraft-slim:end for this kraft-slim:begin'],
  [
    'a begin in a block',
    `${BEGIN}\n${BEGIN}\n${END}\n`,
    'README.md:1:1: there is no kraft-slim:end for this kraft-slim:begin',
  ],
  [
    'a begin without a name',
    '<!-- kraft-slim:begin -->\n',
    'README.md:1:1: a marker is <!-- kraft-slim:begin NAME --> or <!-- kraft-slim:end -->',
  ],
])('%s is a mistake, and where', (_, text, message) => {
  const source = { file: 'README.md', text };
  const shown = readReadmeBlocks(text).diagnostics.map((one) => showDiagnostic(source, one));
  expect(shown).toHaveLength(1);
  expect(shown[0]?.split('\n')[0]).toBe(message);
  expect(shown[0]).toMatch(/\n {4}\| +\^$/);
});

test('what stands in a block is no text that the author expects', () => {
  const readme = (inside: string) =>
    `\`\`\`bash\ncurl localhost:8080\n\`\`\`\n\n${BEGIN}\n${inside}${END}\n\n\`\`\`\nHello\n\`\`\`\n`;
  const filled = readme('```text\nGood-bye\n```\n');
  expect(withoutReadmeBlocks(filled)).toBe(readme(''));
  expect(readmeCommands(filled)).toEqual(readmeCommands(readme('')));
  expect(readmeCommands(filled)).toMatchObject([{ expected: 'Hello' }]);
});
