import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { traceOf, traceTable } from './trace-table.ts';

const corpus = join(import.meta.dirname, 'corpus');
const names = readdirSync(corpus)
  .filter((name) => name.endsWith('.log'))
  .map((name) => name.slice(0, -'.log'.length));

const read = (name: string) => readFileSync(join(corpus, `${name}.log`));

/** Each was made in a directory of its own name. */
const cwdOf = (name: string) => `/srv/demo/${name}`;

describe('real logs of strace 6.1', () => {
  it.each(names)('%s gives the table beside it', async (name) => {
    await expect(traceTable(await traceOf(read(name), { cwd: cwdOf(name) }))).toMatchFileSnapshot(
      join(corpus, `${name}.txt`),
    );
  });

  it.each(names)('%s gives the same in chunks of 7 bytes', async (name) => {
    expect(await traceOf(read(name), { chunkBytes: 7 })).toEqual(await traceOf(read(name)));
  });

  it.each(names)('%s is understood to the last line', async (name) => {
    const { log } = await traceOf(read(name));
    expect(log).toMatchObject({ unparsed: 0, unfinished: 0, truncated: false });
  });

  it('name no path of the machine they were made on', () => {
    for (const name of names) expect(read(name).toString('latin1')).not.toMatch(/\/(?:work|root|home)\b/);
  });
});

describe('a log cut off anywhere', () => {
  it('is read up to there, and flagged unless it ends with a whole line', async () => {
    const whole = read('threads');
    for (let length = 1; length < whole.length; length += 97) {
      const { log } = await traceOf(whole.subarray(0, length));
      expect(log.truncated).toBe(whole[length - 1] !== 0x0a);
      expect(log.unparsed).toBe(log.truncated ? 1 : 0);
    }
  });

  it('still tells of the calls that were under way', async () => {
    const { touched, log } = await traceOf(
      '1 execve("/a", ["a"], 0x1 /* 0 vars */) = 0\n1 open("/b", O_RDONLY <unfinished ...>\n',
    );
    expect(touched.map(({ path }) => path)).toEqual(['/a', '/b']);
    expect(log).toMatchObject({ unfinished: 1, truncated: false });
  });
});
