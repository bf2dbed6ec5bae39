import { expect, test } from 'vitest';
import { analyseStatically } from '../../../src/analysis/static.ts';
import { glibcTree, library, program } from '../../support/loader-trees.ts';

const NOTE_TYPE = 0x407c0c0a;
const note = (text: string) => ({ notes: [{ owner: 'FDO', type: NOTE_TYPE, text }] });

async function heldFor(text: string): Promise<string[]> {
  const tree = glibcTree({
    '/app': { content: program([], note(text)), mode: 0o755 },
    '/usr/lib/libneeded.so.1': library({ soname: 'libneeded.so.1', needed: ['libdeep.so.1'] }),
    '/usr/lib/libdeep.so.1': library({ soname: 'libdeep.so.1' }),
    '/usr/lib/libnice.so.1': library({ soname: 'libnice.so.1' }),
  });
  const { needs } = await analyseStatically(tree, { argv: ['/app'], env: {} });
  return needs.flatMap(({ path, reason }) =>
    reason.kind === 'rule' && reason.rule === 'dlopen-notes' ? [path] : [],
  );
}

test('a library that a note announces is held with what it links', async () => {
  const text = JSON.stringify([{ soname: ['libgone.so.2', 'libneeded.so.1'], priority: 'required' }]);
  expect(await heldFor(text)).toEqual(['/usr/lib/libneeded.so.1', '/usr/lib/libdeep.so.1']);
});

test('a library that is merely suggested is not', async () => {
  expect(await heldFor(JSON.stringify([{ soname: ['libnice.so.1'], priority: 'suggested' }]))).toEqual([]);
});

test('a note that is no JSON holds nothing', async () => {
  expect(await heldFor('{')).toEqual([]);
});
