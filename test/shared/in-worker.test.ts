import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runInWorker, type WorkerTask } from '../../src/shared/in-worker.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const SERVE = pathToFileURL(join(import.meta.dirname, '../../dist/shared/serve-work.js')).href;

/** Runs a function body as the work of a worker; `data` and `ask` are in its scope. */
async function work(body: string, options: Partial<WorkerTask> = {}): Promise<unknown> {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, 'work.mjs');
  writeFileSync(
    file,
    `import { serveWork } from '${SERVE}';\nawait serveWork(async (data, ask) => {${body}});\n`,
  );
  return await runInWorker({
    entry: pathToFileURL(file),
    data: null,
    answer: () => null,
    cannot: 'cannot work',
    timeoutMs: 60_000,
    maxHeapMiB: 64,
    ...options,
  });
}

describe('work in a worker', () => {
  test('gives its value, and has its questions answered while it waits', async () => {
    const answer = (question: unknown) => (question as number) * 2;
    expect(await work('return [ask(data), ask(ask(data))];', { data: 3, answer })).toEqual([6, 12]);
  });

  test('fails with the message of what it throws, or what an answer throws', async () => {
    const answer = () => {
      throw new Error('no such file');
    };
    await expect(work("throw new Error('odd')")).rejects.toThrow('odd');
    await expect(work('return ask(1);', { answer })).rejects.toThrow('no such file');
  });

  test('that never pauses is ended by its time limit', async () => {
    await expect(work('for (;;) {}', { timeoutMs: 1000 })).rejects.toMatchObject({
      code: 'limit-exceeded',
      message: 'cannot work: it takes more than 1 seconds',
    });
  });

  test('that never pauses is ended by a signal', async () => {
    const stop = new AbortController();
    const ended = work('for (;;) {}', { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('interrupted')), 500);
    await expect(ended).rejects.toThrow('interrupted');
    await expect(work('return 1;', { signal: stop.signal })).rejects.toThrow('interrupted');
  });

  test('that takes all its memory is ended, and this process lives on', async () => {
    const body = 'const all = []; for (;;) all.push(Array.from({ length: 1000 }, () => ({})));';
    await expect(work(body)).rejects.toMatchObject({
      code: 'limit-exceeded',
      message: 'cannot work: it takes more than 64 MiB of memory',
    });
  });

  test('that ends without an outcome fails', async () => {
    await expect(work('process.exit(7);')).rejects.toThrow('exit code 7');
  });
});
