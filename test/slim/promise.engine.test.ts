import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '../../src/slim/result.ts';
import { type Catalog, catalogOf } from '../support/catalog.ts';
import { runEntry } from '../support/run-entry.ts';
import { APP, smallEntry } from '../support/small-entry.ts';

const SITE = [
  'FROM debian:bookworm AS site',
  'RUN mkdir -p /out/assets && echo Hello > /out/index.html && echo about > /out/about.html && echo js > /out/assets/app.js',
];
const BELOW = [
  ...SITE,
  'FROM debian:bookworm AS build',
  'RUN mkdir -p /srv/db/empty && echo one > /srv/db/one && echo two > /srv/db/two',
  'RUN touch /usr/local/bin/other',
  'COPY --from=site /out /www',
  // a directory of the base image, which no step has made
  'COPY --from=site /usr/share/pam /pam',
];
const IN_PLACE = [
  ...SITE,
  'FROM debian:bookworm AS build',
  'FROM scratch',
  'COPY --from=build /bin/cat /bin/cat',
  'COPY --from=build /lib/x86_64-linux-gnu/libc.so.6 /lib/x86_64-linux-gnu/',
  'COPY --from=build /lib64/ld-linux-x86-64.so.2 /lib64/',
  'COPY --from=site /out /www',
];
const WORKLOAD = { 'kraft-slim.yaml': 'promise: workload\n' };
const PAGES = ['/www/index.html', '/www/about.html', '/www/assets/app.js'];

const warningsOf = ({ warnings }: Result, code: string) =>
  warnings.filter((one) => one.code === code).map(({ message }) => message);

/** Which of the paths the final stage names. */
async function keptOf(catalog: Catalog, paths: readonly string[]): Promise<string[]> {
  const text = await catalog.read(`${APP}/Dockerfile`);
  const stage = text.slice(text.lastIndexOf('\nFROM '));
  const list = (await catalog.read(`${APP}/rootfs.list`).catch(() => '')).split('\n');
  const named = [...stage.split(/[ \n]+/), ...list].filter((word) => /^\/./.test(word));
  return paths.filter((path) => named.some((name) => path === name || path.startsWith(`${name}/`)));
}

// the tests of a block follow one entry
describe('a site that a stage generated, and data that a RUN step made', () => {
  const DATA = ['/srv/db/one', '/srv/db/two', '/srv/db/empty'];
  const PRINT = 'open F, "<", "/srv/db/one"; open G, "<", "/www/index.html"; print <G>';
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await catalogOf({
      ...smallEntry({ dockerfile: BELOW, cmd: ['/usr/bin/perl', '-e', PRINT] }),
      ...WORKLOAD,
    });
  });
  afterAll(() => catalog[Symbol.asyncDispose]());

  test('are cut to what the probe reads where the workload is the promise, and a warning names what goes', async () => {
    const result = await runEntry(catalog, APP);
    expect(result).toMatchObject({ status: 'slimmed', verified: true, promise: 'workload' });
    expect(await keptOf(catalog, [...PAGES, ...DATA])).toEqual(['/www/index.html', '/srv/db/one']);
    expect(warningsOf(result, 'partly-kept').sort()).toEqual([
      expect.stringMatching(
        /^kraft-slim keeps 1 of 2 files of \/srv\/db, which no package owns,.* keep: \['\/srv\/db\/\*\*'\]/,
      ),
      expect.stringMatching(/^kraft-slim keeps 1 of 3 files of \/www,.* keep: \['\/www\/\*\*'\]/),
    ]);
  });

  test('are whole under the usual promise, so that the thin result is analysed again', async () => {
    await catalog.commit();
    await catalog.write({ 'kraft-slim.yaml': null });
    const result = await runEntry(catalog, APP);
    expect(result).toMatchObject({ status: 'slimmed', verified: true, promise: 'app' });
    expect(await keptOf(catalog, [...PAGES, ...DATA])).toEqual([...PAGES, ...DATA]);
    expect(await keptOf(catalog, ['/usr/local/bin/other', '/etc/issue', '/pam'])).toEqual([]);
    expect(warningsOf(result, 'partly-kept')).toEqual([]);
  });

  test('stay as they are the next time, and where less is promised', async () => {
    await catalog.commit();
    expect(await runEntry(catalog, APP)).toMatchObject({ status: 'unchanged', promise: 'app' });
    await catalog.write(WORKLOAD);
    expect(await runEntry(catalog, APP)).toMatchObject({ status: 'unchanged', promise: 'app', written: [] });
  });
});

describe('a stage made by hand that was rewritten in place for the workload', () => {
  test('cannot regain what is gone, and says how to', async () => {
    await using catalog = await catalogOf({
      ...smallEntry({ dockerfile: IN_PLACE, cmd: ['/bin/cat', '/www/index.html'] }),
      ...WORKLOAD,
    });
    expect(await runEntry(catalog, APP)).toMatchObject({ status: 'slimmed', promise: 'workload' });
    expect(await keptOf(catalog, PAGES)).toEqual(['/www/index.html']);
    await catalog.commit();
    await catalog.write({ 'kraft-slim.yaml': null });
    const result = await runEntry(catalog, APP);
    expect(result).toMatchObject({ status: 'unchanged', verified: true, promise: 'workload', written: [] });
    expect(warningsOf(result, 'promise-narrowed')).toEqual([expect.stringContaining('git checkout')]);
  });

  test('loses nothing of what its lines copy under the default promise', async () => {
    await using catalog = await catalogOf(
      smallEntry({ dockerfile: IN_PLACE, cmd: ['/bin/cat', '/www/index.html'] }),
    );
    expect(await runEntry(catalog, APP)).toMatchObject({ verified: true, promise: 'app' });
    expect((await catalog.read(`${APP}/Dockerfile`)).split('\n')).toContain('COPY --from=site /out /www');
  });
});
