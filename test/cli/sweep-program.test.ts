import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { createProgram, type Request } from '../../src/cli/program.ts';

function parse(...args: string[]): Request {
  let request: Request | undefined;
  createProgram((asked) => {
    request = asked;
  }).parse(args, { from: 'user' });
  if (request === undefined) throw new Error('nothing was asked for');
  return request;
}

describe('sweep', () => {
  test('is of the catalog around here, with nothing else asked', () => {
    expect(parse('sweep')).toMatchObject({
      verb: 'sweep',
      catalog: '.',
      filter: [],
      only: [],
      skip: [],
      changedSince: null,
      shard: null,
      durations: null,
      jobs: null,
      events: null,
      summary: null,
      merge: null,
      queue: null,
      state: null,
      strategy: null,
      printWorkflow: false,
      dryRun: false,
      json: false,
    });
  });

  test('takes classes by name or letter, several at once', () => {
    expect(parse('sweep', '--only', 'library,A', '--only', 'D', '--skip', 'A')).toMatchObject({
      only: ['library', 'complete', 'native'],
      skip: ['complete'],
    });
  });

  test('takes flags of output before it or behind it, and flags that slim behind it', () => {
    expect(parse('--json', 'sweep', 'catalog', '--quiet', '--minimal', '--redo')).toMatchObject({
      catalog: 'catalog',
      json: true,
      quiet: true,
      minimal: true,
      redo: true,
    });
  });

  test.each([
    ['a class that is none', ['--only', 'kernel']],
    ['no number of jobs', ['--jobs', '0']],
    ['half a second', ['--entry-timeout', '0.5']],
    ['an exit code of what is written', ['--exit-code']],
    ['an option that it has not', ['--frobnicate']],
    ['two catalogs', ['a', 'b']],
  ])('does not take %s', (_, args) => {
    expect(() => parse('sweep', ...args)).toThrow();
  });
});

describe('worker', () => {
  test('needs a queue', () => {
    expect(() => parse('worker')).toThrow('--queue');
    expect(parse('worker', '--queue', 'redis://h', '--concurrency', '3')).toMatchObject({
      verb: 'worker',
      queue: 'redis://h',
      concurrency: 3,
    });
  });
});

describe('the workflow for GitHub Actions', () => {
  test('is valid YAML whose commands the command line takes, with as many shards as it has jobs', async () => {
    const text = await readFile(join(import.meta.dirname, '../../templates/sweep-workflow.yaml'), 'utf8');
    const document = parseDocument(text);
    expect(document.errors).toEqual([]);
    const workflow = document.toJS() as {
      env: Readonly<Record<string, string>>;
      jobs: { shard: { strategy: { matrix: { shard: number[] } } } };
    };
    const { shard: shards } = workflow.jobs.shard.strategy.matrix;
    expect(text).toContain(`/${shards.length} --json`);
    expect(workflow.env.KRAFT_SLIM_UNTRUSTED).toMatch(/github\.event_name == 'pull_request' && '1' \|\| ''/);
    const commands = [...text.matchAll(/kraft-slim(?:@\S+)? (sweep [^\n>]*)/g)].map(
      ([, words]) => words as string,
    );
    expect(commands).toHaveLength(3);
    for (const words of commands) {
      const args = words.replaceAll('${{ matrix.shard }}', '1').replace(' $SWEEP', '').trim().split(/\s+/);
      expect(parse(...args).verb).toBe('sweep');
    }
  });
});
