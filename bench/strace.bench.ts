import { createReadStream } from 'node:fs';
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'vitest';
import { createEventReader } from '../src/strace/read-events.ts';
import { readTrace } from '../src/strace/read-trace.ts';
import { temporaryDirectory } from '../test/support/temporary-directory.ts';
import { race } from './rounds.ts';

const CORPUS = join(import.meta.dirname, '../test/strace/corpus');
const BYTES = 100e6;

/** The least that any reader of a log has to do: tell pid, call, arguments and result apart. */
const CALL = /^(\d+) (\w+)\((.*)\) += (-?\w+)/;

test('the events of a large log beside readline and one regular expression', async () => {
  await using directory = await temporaryDirectory();
  const log = join(directory.path, 'strace.log');
  const bytes = await writeLog(log);
  const chunks = () => createReadStream(log, { highWaterMark: 1 << 16 });
  await race(`a log of ${(bytes / 1e6).toFixed(0)} MB`, [
    { name: 'readline and one regular expression', run: () => matchLines(chunks()) },
    { name: 'createEventReader', run: () => readEvents(chunks()) },
    { name: 'readTrace, with all evidence gathered', run: async () => void (await readTrace(chunks())) },
  ]);
});

/** The corpus, over and over. Gives its size. */
async function writeLog(path: string): Promise<number> {
  const names = (await readdir(CORPUS)).filter((name) => name.endsWith('.log'));
  const once = Buffer.concat(await Promise.all(names.map((name) => readFile(join(CORPUS, name)))));
  await using file = await open(path, 'w');
  let bytes = 0;
  for (; bytes < BYTES; bytes += once.length) await file.writeFile(once);
  return bytes;
}

async function matchLines(chunks: NodeJS.ReadableStream): Promise<void> {
  let matched = 0;
  for await (const line of createInterface({ input: chunks, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (CALL.test(line)) matched += 1;
  }
  if (matched === 0) throw new Error('the regular expression fits no line');
}

async function readEvents(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const reader = createEventReader();
  let events = 0;
  for await (const chunk of chunks) events += reader.push(chunk).length;
  events += reader.end().length;
  if (events === 0 || reader.summary.unparsed > 0) throw new Error('the log was not understood');
}
