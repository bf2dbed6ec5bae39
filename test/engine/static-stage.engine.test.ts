import { beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '../../src/slim/result.ts';
import { fixtureCatalog } from '../support/catalog.ts';
import { runJson } from '../support/cli.ts';
import { drawSome } from '../support/samples.ts';
import { schemaFaults } from '../support/schemas.ts';
import { SWEEP_MS, slimmedFixtures } from '../support/swept-fixtures.ts';

/** Entries that load nothing at run time but what they link or are given. */
const STATIC_ENTRIES = [
  'examples/httpserver-gcc12',
  'examples/helloworld-gcc12',
  'examples/helloworld-musl',
  'examples/helloworld-rpath',
  'examples/helloworld-wrapper',
  'library/lua/5.4',
  'library/sqlite/3.40',
];
const WRAPPER = 'examples/helloworld-wrapper';

/** Each of them in the soak, else some that are drawn. */
const ASKED = drawSome(STATIC_ENTRIES, { ci: 2, soak: STATIC_ENTRIES.length });
const NGINX = 'library/nginx/1.22';

describe('with --ask-stages', () => {
  let exitCode: number | null;
  let results: readonly Result[];
  beforeAll(async () => {
    await using catalog = await fixtureCatalog();
    const words = [...ASKED, NGINX, '--ask-stages', '--dry-run'];
    const run = await runJson(words, { cwd: catalog.path });
    expect(schemaFaults(run.document)).toEqual([]);
    exitCode = run.exitCode;
    results = run.document.results as Result[];
  });
  const resultOf = (of: string) => results.find(({ entry }) => entry === of);

  test('the run is done', () => {
    expect(exitCode).toBe(0);
    expect(results.map(({ entry }) => entry).sort()).toEqual([...ASKED, NGINX].sort());
  });

  test.each(ASKED)('the static stage of %s is enough alone', (entry) => {
    const { stages, verified } = resultOf(entry) as Result;
    expect({ verified, static: stages[0]?.passed }).toEqual({ verified: true, static: true });
    expect(stages[1]?.passed).toBe(true);
  });

  test('the static stage of nginx is not, since nginx reads the users of the system', () => {
    expect(resultOf(NGINX)?.stages.map(({ passed }) => passed)).toEqual([false, true, null]);
  });
});

test(
  'an entry that a script starts is reported with the command that the script execs, and what it sets',
  async () => {
    const { catalog, resultOf } = await slimmedFixtures([WRAPPER]);
    await using _ = catalog;
    const script = resultOf(WRAPPER).warnings.find(({ code }) => code === 'script-cmd');
    expect(script?.message).toContain('["/usr/local/bin/greet","World"]');
    expect(script?.message).toContain('GREETING=Good morning');
  },
  SWEEP_MS,
);

test('a library that only ld.so.cache finds is kept with the cache, and the result says so', async () => {
  await using catalog = await fixtureCatalog({
    'examples/helloworld-rpath/Dockerfile': (text) =>
      text
        .replace(',-rpath,/opt/greeting/lib', '')
        .concat('\nRUN echo /opt/greeting/lib >/etc/ld.so.conf.d/greeting.conf && ldconfig\n'),
  });
  const { document, exitCode } = await runJson(['examples/helloworld-rpath'], { cwd: catalog.path });
  const { warnings, verified } = document as unknown as Result;
  expect({ exitCode, verified }).toEqual({ exitCode: 0, verified: true });
  expect(warnings.map(({ code }) => code)).toContain('loader-cache');
  expect(await catalog.read('examples/helloworld-rpath/Dockerfile')).toContain('/etc/ld.so.cache');
});
