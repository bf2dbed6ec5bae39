import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '../../src/slim/result.ts';
import { type Catalog, fixtureCatalog } from '../support/catalog.ts';
import { runJson } from '../support/cli.ts';
import { schemaFaults } from '../support/schemas.ts';

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

describe('with --ask-stages', () => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fixtureCatalog();
  });
  afterAll(() => catalog[Symbol.asyncDispose]());

  test.each(STATIC_ENTRIES)('the static stage of %s is enough alone', async (entry) => {
    const { document, exitCode } = await runJson([entry, '--ask-stages', '--dry-run'], { cwd: catalog.path });
    expect(schemaFaults(document)).toEqual([]);
    const { stages, verified } = document as unknown as Result;
    expect({ exitCode, verified, static: stages[0]?.passed }).toEqual({
      exitCode: 0,
      verified: true,
      static: true,
    });
    expect(stages[1]?.passed).toBe(true);
  });

  test('the static stage of nginx is not, since nginx reads the users of the system', async () => {
    const { document } = await runJson(['library/nginx/1.22', '--ask-stages', '--dry-run'], {
      cwd: catalog.path,
    });
    const { stages } = document as unknown as Result;
    expect(stages.map(({ passed }) => passed)).toEqual([false, true, null]);
  });
});

test('an entry that a script starts is told with the command that the script execs, and what it sets', async () => {
  await using catalog = await fixtureCatalog();
  const { document } = await runJson([WRAPPER, '--dry-run'], { cwd: catalog.path });
  const { warnings } = document as unknown as Result;
  const script = warnings.find(({ code }) => code === 'script-cmd');
  expect(script?.message).toContain('["/usr/local/bin/greet","World"]');
  expect(script?.message).toContain('GREETING=Good morning');
});

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
