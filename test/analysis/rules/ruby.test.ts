import { expect, test } from 'vitest';
import { ruby } from '../../../src/analysis/rules/ruby.ts';
import { heldBy, NOTHING_HELD } from './rule-context.ts';

test.each([
  ['Debian', '/usr/bin/ruby3.1', '/usr/lib/x86_64-linux-gnu/ruby/3.1.0'],
  ['Alpine', '/usr/bin/ruby', '/usr/lib/ruby/3.3.0/x86_64-linux-musl'],
  ['Fedora', '/usr/bin/ruby', '/usr/lib64/ruby'],
  ['upstream', '/usr/local/bin/ruby', '/usr/local/lib/ruby/3.4.0/x86_64-linux'],
])('%s: rbconfig.rb, and the tables of encodings as libraries', async (_, program, directory) => {
  const files = ['rbconfig.rb', 'enc/encdb.so', 'enc/trans/transdb.so', 'enc/big5.so', 'json.so'];
  const tree = Object.fromEntries(files.map((name) => [`${directory}/${name}`, '']));
  expect(await heldBy(ruby, { tree: { ...tree, [program]: 'an ELF file' }, program })).toEqual({
    paths: [`${directory}/rbconfig.rb`],
    libraries: [`${directory}/enc/encdb.so`, `${directory}/enc/trans/transdb.so`],
  });
});

test('another program holds nothing', async () => {
  expect(await heldBy(ruby, { tree: { '/lib/ruby/3.1.0/rbconfig.rb': '' } })).toEqual(NOTHING_HELD);
});
