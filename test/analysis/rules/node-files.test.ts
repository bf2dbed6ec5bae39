import { expect, test } from 'vitest';
import { nodeFiles } from '../../../src/analysis/rules/node-files.ts';
import { imagePath } from '../../../src/shared/image-path.ts';
import { memoryTree } from '../../support/memory-tree.ts';

const subject = (source: string) => ({
  tree: memoryTree({ '/app.js': source, '/b.js': '' }),
  libc: 'glibc' as const,
});
const entries = [imagePath('/app.js')];

test('files are found in a separate thread, and the host continues meanwhile', async () => {
  let ticks = 0;
  const timer = setInterval(() => {
    ticks += 1;
  }, 1);
  const found = await nodeFiles(subject("require('./b')"), entries);
  clearInterval(timer);
  expect([...found].sort()).toEqual(['/app.js', '/b.js']);
  expect(ticks).toBeGreaterThan(0);
});

test('what takes too long ends with limit-exceeded, and a signal ends it too', async () => {
  const late = nodeFiles(subject("require('./b')"), entries, { timeoutMs: 1 });
  await expect(late).rejects.toMatchObject({
    code: 'limit-exceeded',
    message: expect.stringMatching(/^cannot analyse the app's JavaScript: it takes more than /),
  });
  const reason = new Error('interrupted');
  const stop = new AbortController();
  const ended = nodeFiles(subject("require('./b')"), entries, { signal: stop.signal });
  stop.abort(reason);
  await expect(ended).rejects.toBe(reason);
});

test('names of wildcards, which a source can make without end, are matched at once', async () => {
  const wild = Array.from({ length: 60 }, () => "process.argv[2] + 'a'").join(' + ');
  const source = `require('fs').readFileSync(require('path').join(__dirname, ${wild} + 'b'))`;
  const tree = memoryTree({ '/app.js': source, [`/${'a'.repeat(200)}`]: '' });
  expect(await nodeFiles({ tree, libc: 'glibc' }, entries)).toContain('/app.js');
});
