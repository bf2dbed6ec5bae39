import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sweepDocument } from '../../src/cli/documents.ts';
import { emptyResult, type Result } from '../../src/slim/result.ts';
import { annotationsOf } from '../../src/sweep/annotations.ts';
import { mergeSweeps, readDurations } from '../../src/sweep/documents-at.ts';
import { openEventLog } from '../../src/sweep/event-log.ts';
import { markdownSummary } from '../../src/sweep/summary.ts';
import { anyHostile } from '../support/hostile.ts';
import { MEANS_MORE, outsideCode } from '../support/markdown.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const resultOf = (entry: string, more: Partial<Result> = {}): Result => ({
  ...emptyResult(entry),
  status: 'slimmed',
  verified: true,
  before: { files: 8000, bytes: 180e6 },
  after: { files: 16, bytes: 9.9e6 },
  ...more,
});
const FAILED = {
  status: 'failed',
  code: 'build-failed',
  reason: 'cannot build RUN make',
  after: null,
} as const;

describe('a summary', () => {
  const totalsOf = (results: Result[]) => sweepDocument(results, 61_400).totals;

  test('has the totals, and a row for each entry that is not just unchanged, failures first', () => {
    const results = [
      resultOf('library/a', { warnings: [{ code: 'not-pie', message: 'x' }] }),
      resultOf('library/b', { status: 'unchanged' }),
      resultOf('library/c', FAILED),
    ];
    expect(markdownSummary(results, totalsOf(results))).toBe(
      [
        '## kraft-slim',
        '',
        '1 slimmed, 1 unchanged, 0 skipped, 1 failed; 360.0 MB → 19.8 MB in 61 s.',
        '',
        '| entry | status | before | after | files | what |',
        '|-|-|-:|-:|-:|-|',
        '| `library/c` | failed | 180.0 MB |  |  | `build-failed`: `cannot build RUN make` |',
        '| `library/a` | slimmed | 180.0 MB | 9.9 MB | 8000 → 16 | `not-pie` |',
        '',
      ].join('\n'),
    );
  });

  test('is the totals alone where nothing has changed', () => {
    const results = [resultOf('library/b', { status: 'unchanged' })];
    expect(markdownSummary(results, totalsOf(results)).split('\n')).toHaveLength(4);
  });

  test('lets no text of a build end its row or become markup', () => {
    const results = [resultOf('library/c', { ...FAILED, reason: 'a | b\n<img src=x>' })];
    expect(markdownSummary(results, totalsOf(results))).toContain('`a \\| b\\x0a<img src=x>` |\n');
  });

  test('means no more than it says, whatever a name, a reason or a warning is', () => {
    fc.assert(
      fc.property(anyHostile, anyHostile, anyHostile, (entry, reason, code) => {
        const results = [
          resultOf(entry, { ...FAILED, reason }),
          resultOf(entry, { warnings: [{ code: code as 'not-pie', message: reason }] }),
        ];
        const text = markdownSummary(results, totalsOf(results));
        expect(text.split('\n')).toHaveLength(9);
        expect(outsideCode(text)).not.toMatch(MEANS_MORE);
        for (const row of text.split('\n').slice(4, 8)) expect(row.match(/(?<!\\)\|/g)).toHaveLength(7);
      }),
    );
  });

  test('never has more bytes than GitHub takes, and counts the rows that are left out', () => {
    const results = Array.from({ length: 3000 }, (_, at) => resultOf(`library/app-${at}`));
    const summary = markdownSummary(results, totalsOf(results), 10_000);
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(10_000);
    const rows = summary.split('\n').filter((line) => line.includes('library/app-')).length;
    expect(rows).toBeGreaterThan(50);
    expect(summary).toContain(`and ${3000 - rows} more.`);
  });
});

describe('an annotation', () => {
  test('is made for what failed alone, at the file to fix', () => {
    const launches = [{ kraftfile: 'Kraftfile.ls', argv: ['ls'], env: {} }];
    const results = [
      resultOf('library/a'),
      resultOf('library/b', FAILED),
      resultOf('library/c', { ...FAILED, code: 'cmd-not-found', launches }),
      resultOf('.', { ...FAILED, code: 'config-invalid' }),
    ];
    expect(annotationsOf(results, 'sub').map(String)).toEqual([
      '::error file=sub/library/b/Dockerfile,title=kraft-slim%3A build-failed::library/b: cannot build RUN make',
      '::error file=sub/library/c/Kraftfile.ls,title=kraft-slim%3A cmd-not-found::library/c: cannot build RUN make',
      '::error file=sub/kraft-slim.yaml,title=kraft-slim%3A config-invalid::.: cannot build RUN make',
    ]);
  });

  test('keeps texts from being commands', () => {
    const results = [resultOf('library/a,b', { ...FAILED, reason: '100 %\n::error::x' })];
    const [line] = annotationsOf(results, '.').map(String);
    expect(line).toContain('file=library/a%2Cb/Dockerfile');
    expect(line).toContain('100 %25%0A::error::x');
  });
});

describe('documents of shards', () => {
  const document = (results: Result[], seconds: number) =>
    JSON.stringify(sweepDocument(results, seconds * 1000));

  test('become one, with the time of the longest', async () => {
    await using top = await temporaryDirectory();
    await mkdir(join(top.path, 'sweep-2'));
    await writeFile(join(top.path, '1.json'), document([resultOf('library/c'), resultOf('library/a')], 30));
    await writeFile(join(top.path, 'sweep-2/2.json'), document([resultOf('library/b')], 70));
    await writeFile(join(top.path, 'package.json'), '{}');
    await writeFile(join(top.path, 'torn.json'), '{"schema":"kraft-slim/sw');
    const { results, seconds } = await mergeSweeps(top.path);
    expect(results.map(({ entry }) => entry)).toEqual(['library/a', 'library/b', 'library/c']);
    expect(seconds).toBe(70);
  });

  test('that hold an entry twice are refused, with both names', async () => {
    await using top = await temporaryDirectory();
    for (const name of ['1.json', '2.json'])
      await writeFile(join(top.path, name), document([resultOf('library/a')], 1));
    await expect(mergeSweeps(top.path)).rejects.toThrow('library/a is in 1.json and in 2.json');
  });

  test('that are not there are reported', async () => {
    await using top = await temporaryDirectory();
    await expect(mergeSweeps(top.path)).rejects.toThrow('it contains no document of a sweep');
    await expect(mergeSweeps(join(top.path, 'none'))).rejects.toMatchObject({ code: 'usage' });
  });

  test('report how long each entry takes', async () => {
    await using top = await temporaryDirectory();
    const path = join(top.path, 'last.json');
    const seconds = { ...emptyResult('').seconds, total: 12.5 };
    await writeFile(path, document([resultOf('library/a', { seconds })], 1));
    expect(await readDurations(path)).toEqual(new Map([['library/a', 12.5]]));
    await writeFile(path, '[]');
    await expect(readDurations(path)).rejects.toThrow('is not the document of a sweep');
    await expect(readDurations(join(top.path, 'none'))).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('a log of events', () => {
  test('has one object a line, with its time', async () => {
    await using top = await temporaryDirectory();
    const path = join(top.path, 'events.ndjson');
    {
      await using log = await openEventLog(path);
      log.listener({ type: 'entry-started', entry: 'a\nb' });
      log.listener({ type: 'notice', message: 'x' });
    }
    const lines = (await readFile(path, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual([
      { at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/), type: 'entry-started', entry: 'a\nb' },
      { at: expect.any(String), type: 'notice', message: 'x' },
    ]);
  });

  test('that cannot be written is reported', async () => {
    await using top = await temporaryDirectory();
    await expect(openEventLog(join(top.path, 'no/where'))).rejects.toMatchObject({ code: 'usage' });
    await expect(
      (async () => {
        await using log = await openEventLog('/dev/full');
        log.listener({ type: 'notice', message: 'x' });
      })(),
    ).rejects.toMatchObject({
      code: 'disk-full',
      message: 'cannot write /dev/full: no space is left on the device',
    });
  });
});
