import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareEntries, entryRows, exampleRow, libraryRow, withRow } from '../../src/catalog/entry-table.ts';
import { compareRows, imageRows } from '../../src/check/image-table.ts';

const FIXTURES = join(import.meta.dirname, '../../catalog-fixtures');
const README = readFileSync(join(FIXTURES, 'README.md'), 'utf8');

const entriesOf = (readme: string) => entryRows(readme).map(({ entry }) => entry);

describe("the tables of the catalog's README", () => {
  test('lead to entries, by relative links and by addresses', () => {
    expect(entriesOf(README).slice(0, 2)).toEqual(['examples/coreutils', 'examples/drifted-data']);
    const row = '| x | [`a`](https://github.com/unikraft/catalog/tree/main/library/a/1.0/) |';
    expect(entriesOf(`${row}\n[b](library/b/1)\n| [c](./examples/c#top) |`)).toEqual([
      'library/a/1.0',
      'examples/c',
    ]);
  });

  test('have the rows that are written for new entries', () => {
    for (const { entry, text } of entryRows(README)) {
      if (entry.startsWith('library/')) expect(libraryRow(entry)).toBe(text);
      const description = / \| (.*) \|$/.exec(text)?.[1] ?? '';
      if (entry.startsWith('examples/')) expect(exampleRow(entry, description)).toBe(text);
    }
  });
});

/** A catalog's README with a table each of examples, library entries and native ones. */
const SMALL = [
  '# Catalog',
  exampleRow('examples/tls-client', 'A client'),
  '',
  ...['python/3.11', 'redis/7.0', 'ruby/3.1', 'sqlite/3.40'].map((name) => libraryRow(`library/${name}`)),
  '',
  '| [`helloworld-c`](native/helloworld-c) |',
  '',
].join('\n');

describe('a row', () => {
  test.each([
    ['library/redis/7.2', 'library/redis/7.0', 'library/ruby/3.1'],
    ['library/redis/6.2', 'library/python/3.11', 'library/redis/7.0'],
    ['library/redis/10.0', 'library/redis/7.0', 'library/ruby/3.1'],
    ['library/a/1', 'examples/tls-client', 'library/python/3.11'],
    ['library/zig/1', 'library/sqlite/3.40', 'native/helloworld-c'],
  ])('of %s comes between %s and %s', (entry, before, after) => {
    const readme = withRow(SMALL, entry, libraryRow(entry)) ?? '';
    const entries = entriesOf(readme);
    const at = entries.indexOf(entry);
    expect([entries[at - 1], entries[at + 1]]).toEqual([before, after]);
    expect(readme.split('\n').filter((line) => !SMALL.split('\n').includes(line))).toEqual([
      libraryRow(entry),
    ]);
  });

  test('that is there is replaced', () => {
    const readme = withRow(SMALL, 'library/redis/7.0', '| [x](library/redis/7.0) |') ?? '';
    expect(entriesOf(readme)).toEqual(entriesOf(SMALL));
    expect(readme).toContain('\n| [x](library/redis/7.0) |\n');
  });

  test('keeps line ends, and is not put where there is no table', () => {
    const crlf = '| [a](library/a/1) |\r\n';
    expect(withRow(crlf, 'library/b/1', '| [b](library/b/1) |')).toBe(`${crlf}| [b](library/b/1) |\r\n`);
    expect(withRow('# Catalog\n', 'library/b/1', 'x')).toBeUndefined();
  });

  test('goes in anywhere, and whatever order there was stays', () => {
    const entry = fc
      .tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(12), fc.nat(12))
      .map(([name, major, minor]) => `library/${name}/${major}.${minor}`);
    fc.assert(
      fc.property(fc.uniqueArray(entry, { minLength: 1 }), entry, (entries, added) => {
        const text = [...entries].sort(compareEntries).map(libraryRow).join('\n');
        const expected = [...new Set([...entries, added])].sort(compareEntries);
        expect(entriesOf(withRow(text, added, libraryRow(added)) ?? '')).toEqual(expected);
      }),
    );
  });
});

test('a row that a new entry gets is in the order that check asks for', () => {
  const names = [
    'library/app10/1',
    'library/app2/1.10',
    'library/app2/1.9',
    'library/node/18',
    'library/node-red/1',
  ];
  const empty = `| Image |\n${libraryRow('library/zig/1')}\n`;
  const readme = names.reduce((text, name) => withRow(text, name, libraryRow(name)) ?? '', empty);
  const rows = imageRows({ file: 'README.md', text: readme });
  expect(rows.map(({ directory }) => directory)).toEqual(entriesOf(readme));
  expect([...rows].sort(compareRows)).toEqual(rows);
  expect(entriesOf(readme).slice(0, 3)).toEqual(['library/app2/1.9', 'library/app2/1.10', 'library/app10/1']);
});

test('versions are in order by their numbers', () => {
  const sorted = ['latest', '2.10', '5.4.4', '2.7', '5.4'].sort(compareEntries);
  expect(sorted).toEqual(['2.7', '2.10', '5.4', '5.4.4', 'latest']);
});
