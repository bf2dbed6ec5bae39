import { describe, expect, test } from 'vitest';
import type { FileProbe } from '../../src/workload/probe.ts';
import { fileProbe } from '../../src/workload/probe-file.ts';
import { localContext } from '../support/local-server.ts';

const PROBE: FileProbe = { kind: 'file', path: '/var/log/app', expect: null };

/** The answer where one after the other is found in the file; the last stays. */
async function answerOf(
  found: readonly (string | Uint8Array | undefined)[],
  rest: Partial<FileProbe> = {},
  signal?: AbortSignal,
) {
  const left = [...found];
  const asked: string[] = [];
  const readFile = async (path: string) => {
    asked.push(path);
    const now = left.length > 1 ? left.shift() : left[0];
    return typeof now === 'string' ? Buffer.from(now) : now;
  };
  const answer = await fileProbe.ask({ ...PROBE, ...rest }, { ...localContext(signal), readFile });
  return { ...answer, reads: asked.length, path: asked[0] };
}

describe('the answer', () => {
  test('is what is in the file', async () => {
    expect(await answerOf(['té\n'])).toEqual({
      status: null,
      text: 'té\n',
      fault: null,
      reads: 1,
      path: '/var/log/app',
    });
  });

  test('is waited for where the file comes a moment later', async () => {
    expect(await answerOf([undefined, undefined, 'late'])).toMatchObject({ text: 'late', reads: 3 });
  });

  test('is waited for where the file is not whole yet', async () => {
    expect(await answerOf(['', 'GET /', 'GET /a'], { expect: '/a' })).toMatchObject({ text: 'GET /a' });
  });

  test('is what is there at last, where what is expected does not come', async () => {
    expect(await answerOf(['other'], { expect: 'x' })).toMatchObject({ text: 'other', fault: null });
  });

  test('differs for bytes that differ, though they are no text', async () => {
    const one = await answerOf([Uint8Array.of(0xff, 1)]);
    expect(one.text).not.toBe((await answerOf([Uint8Array.of(0xfe, 1)])).text);
  });
});

test('a file that is not there within a second is a fault', async () => {
  expect(await answerOf([undefined])).toMatchObject({ text: null, fault: '/var/log/app is not there' });
});

test('a file for which time is up before is a fault', async () => {
  const aborted = AbortSignal.abort();
  expect(await answerOf([undefined], {}, aborted)).toMatchObject({ text: null, fault: 'no answer in time' });
});

test('is described by its path', () => {
  expect(fileProbe.describe(PROBE)).toBe('file /var/log/app');
});
