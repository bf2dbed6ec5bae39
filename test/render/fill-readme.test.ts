import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readReadmeBlocks } from '../../src/entry/readme-blocks.ts';
import { fillReadme, type ReadmeFacts } from '../../src/render/fill-readme.ts';
import { UserError } from '../../src/shared/failure.ts';

const FACTS: ReadmeFacts = {
  before: { files: 8027, bytes: 179_700_000 },
  after: { files: 16, bytes: 990_000 },
  memory: { suggestedMiB: 64 },
  output: 'Hello\n  there\n',
};
const END = '<!-- kraft-slim:end -->';
const block = (name: string, inside = '') => `<!-- kraft-slim:begin ${name} -->\n${inside}${END}\n`;
const fill = (text: string, facts: Partial<ReadmeFacts> = {}) =>
  fillReadme({ file: 'README.md', text }, { ...FACTS, ...facts });

const SIZES = `| Root file system | Files | Size |
|-|-:|-:|
| As the build stage leaves it | 8027 | 179.7 MB |
| As it is run | 16 | 990.0 kB |
`;

describe('a block is filled', () => {
  test.each([
    ['sizes', SIZES],
    ['memory', 'Run it with `-M 64M`.\n'],
    ['expected-output', '```text\nHello\n  there\n```\n'],
  ])('%s', (name, inside) => {
    const text = `# App\n\n${block(name)}after\n`;
    expect(fill(text)).toEqual({ text: `# App\n\n${block(name, inside)}after\n`, left: [] });
    expect(fill(`# App\n\n${block(name, 'stale\n')}after\n`).text).toBe(
      `# App\n\n${block(name, inside)}after\n`,
    );
  });

  test('with the line ends of its marker', () => {
    const dos = (text: string) => text.replaceAll('\n', '\r\n');
    expect(fill(dos(`a\n${block('sizes', 'x\n')}b\n`)).text).toBe(dos(`a\n${block('sizes', SIZES)}b\n`));
  });

  test('an output with fences gets a longer one', () => {
    expect(fill(block('expected-output'), { output: '```\n<!-- kraft-slim:end -->\n' }).text).toBe(
      block('expected-output', `\`\`\`\`text\n\`\`\`\n${END}\n\`\`\`\`\n`),
    );
  });
});

describe('a block stays as it is', () => {
  test.each<[string, string, Partial<ReadmeFacts>]>([
    [
      'where sizes differ by logs and caches',
      block('sizes', SIZES),
      { before: { files: 8030, bytes: 179_760_001 } },
    ],
    [
      'where the output differs in the moment alone',
      block('expected-output', '```text\nat 2026-11-24 14:00:00\n```\n'),
      { output: 'at 2026-11-25 08:00:00\n' },
    ],
    ['where its line ends are others', block('sizes', SIZES).replaceAll('\n', '\r\n'), {}],
  ])('%s', (_, text, facts) => {
    expect(fill(text, facts)).toEqual({ text, left: [] });
  });

  test.each<[string, string, Partial<ReadmeFacts>, string]>([
    ['of an unknown name', 'size', {}, 'the block size is not known: did you mean sizes?'],
    [
      'of a name like no other',
      'hasOwnProperty',
      {},
      'the block hasOwnProperty is not known: known are sizes, memory, expected-output',
    ],
    [
      'without an output',
      'expected-output',
      { output: null },
      'the block expected-output has nothing to show',
    ],
    [
      'with an output of bytes',
      'expected-output',
      { output: 'a\u0000b' },
      'the block expected-output has nothing to show',
    ],
    [
      'with an output that is long',
      'expected-output',
      { output: 'a\n'.repeat(61) },
      'the block expected-output has nothing to show',
    ],
  ])('%s, and is reported', (_, name, facts, why) => {
    const text = `a\n${block(name, 'mine\n')}b\n`;
    expect(fill(text, facts)).toEqual({ text, left: [why] });
  });
});

test('without a size before, the table has the one after', () => {
  const lines = SIZES.split('\n').filter((one) => !one.includes('build stage'));
  expect(fill(block('sizes'), { before: null }).text).toBe(block('sizes', lines.join('\n')));
});

test('sizes that differ by more are written again', () => {
  const after = { files: 17, bytes: 990_000 };
  expect(fill(block('sizes', SIZES), { after }).text).toBe(block('sizes', SIZES.replace('| 16 |', '| 17 |')));
});

test('a marker without its other half is an error that shows the place', () => {
  const broken = () => fill('a\n<!-- kraft-slim:begin sizes -->\n');
  expect(broken).toThrow(UserError);
  expect(broken).toThrow(
    expect.objectContaining({ code: 'config-invalid', detail: expect.stringContaining('README.md:2:1') }),
  );
});

const line = fc.constantFrom(
  'text',
  '',
  '```',
  '~~~~ html',
  '    <!-- kraft-slim:end -->',
  '<!-- kraft-slim:begin sizes -->',
  '<!-- kraft-slim:begin memory -->',
  '<!-- kraft-slim:begin expected-output -->',
  '<!-- kraft-slim:begin other -->',
  '<!-- kraft-slim:end -->',
  '| 1 |',
);

test('of any README only what is between markers changes, and a second time nothing', () => {
  const output = fc.option(fc.array(line, { maxLength: 4 }).map((lines) => lines.join('\n')));
  fc.assert(
    fc.property(fc.array(line), fc.constantFrom('\n', '\r\n'), output, (lines, lineEnd, shown) => {
      const text = lines.join(lineEnd);
      fc.pre(readReadmeBlocks(text).diagnostics.length === 0);
      const filled = fill(text, { output: shown }).text;
      expect(outside(filled)).toEqual(outside(text));
      expect(fill(filled, { output: shown }).text).toBe(filled);
    }),
    { numRuns: 2000 },
  );
});

/** The parts of a README that are the author's. */
function outside(text: string): string[] {
  const { blocks, diagnostics } = readReadmeBlocks(text);
  expect(diagnostics).toEqual([]);
  const edges = [0, ...blocks.flatMap(({ inside }) => [inside.start, inside.end]), text.length];
  return Array.from({ length: edges.length / 2 }, (_, at) => text.slice(edges[at * 2], edges[at * 2 + 1]));
}
