import { describe, expect, test } from 'vitest';
import { showResult } from '../../src/cli/show-result.ts';
import type { Result } from '../../src/slim/result.ts';
import { catalogOf, type Files, fixtureCatalog } from '../support/catalog.ts';
import { reportOf } from '../support/reports.ts';
import { runEntry } from '../support/run-entry.ts';
import { APP, smallEntry } from '../support/small-entry.ts';

const messageOf = ({ warnings }: Result, code: string) => warnings.find((one) => one.code === code)?.message;

/** Says which of two files it reads by chance, and always prints the same. */
const BY_CHANCE = [
  'read -r id </proc/sys/kernel/random/uuid',
  'case $id in [0-7]*) read -r line </srv/low ;; *) read -r line </srv/high ;; esac',
  'echo done',
];

const script = (lines: readonly string[]) =>
  `RUN printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')} >/run.sh`;

describe('an app whose use no file describes', () => {
  test('is asked over HTTP on the port that it opens, with a warning', async () => {
    await using catalog = await fixtureCatalog({ 'examples/httpserver-gcc12/README.md': '# A server\n' });
    const result = await runEntry(catalog, 'examples/httpserver-gcc12');
    expect(result).toMatchObject({ exitCode: 0, status: 'slimmed', verified: true });
    expect(result.workload).toEqual({ source: 'derived', probes: [{ kind: 'http', passed: true }] });
    expect(messageOf(result, 'weak-workload')).toContain('Kraftfile');
  });

  test('is run once where it ends without help', async () => {
    await using catalog = await catalogOf({ ...smallEntry(), [`${APP}/README.md`]: '# App\n' });
    const result = await runEntry(catalog, APP);
    expect(result.workload).toEqual({ source: 'derived', probes: [{ kind: 'output', passed: true }] });
    expect(result.verified).toBe(true);
  });

  test('that cannot be started is reported', async () => {
    const files = smallEntry({ cmd: ['/hello'] });
    await using catalog = await catalogOf({ ...files, [`${APP}/README.md`]: '# App\n' });
    expect(await runEntry(catalog, APP)).toMatchObject({ exitCode: 2, code: 'not-started' });
  });
});

describe('two runs on the same files', () => {
  test('that answer differently end as baseline-unstable, with what differed', async () => {
    await using catalog = await catalogOf(
      smallEntry({ cmd: ['/bin/cat', '/proc/sys/kernel/random/uuid'], readme: 'kraft run .' }),
    );
    const result = await runEntry(catalog, APP);
    expect(result).toMatchObject({ exitCode: 1, code: 'baseline-unstable', verified: false });
    expect(String(showResult(reportOf(result)))).toContain('two runs of Kraftfile give different answers');
    expect(await catalog.status()).toEqual([]);
  });

  test('that begin to answer differently are no fault of the result', async () => {
    const lines = ['echo done', 'read -r id </proc/sys/kernel/random/uuid', 'echo $id'];
    const readme = 'kraft run .\n```\n\n```\ndone';
    const dockerfile = ['FROM debian:bookworm', script(lines)];
    await using catalog = await catalogOf(smallEntry({ dockerfile, cmd: ['/bin/sh', '/run.sh'], readme }));
    expect(await runEntry(catalog, APP)).toMatchObject({ status: 'slimmed', verified: true });
    expect(await runEntry(catalog, 'verify', APP)).toMatchObject({ status: 'unchanged', verified: true });
    await catalog.write({ [`${APP}/README.md`]: (text) => text.replace('\ndone', '') });
    const verified = await runEntry(catalog, 'verify', APP);
    expect(verified).toMatchObject({ exitCode: 1, code: 'baseline-unstable', verified: false });
  });

  test('that touch different files are reported, and all that any run touched is kept', async () => {
    const dockerfile = ['FROM debian:bookworm', script(BY_CHANCE), 'RUN touch /srv/low /srv/high'];
    const files: Files = {
      ...smallEntry({ dockerfile, cmd: ['/bin/sh', '/run.sh'], readme: 'kraft run .\n```\n\n```\ndone' }),
      // the chance that all traced runs read the same is 2 in 2^19
      [`${APP}/kraft-slim.yaml`]: 'workload:\n  runs: 20\n',
    };
    await using catalog = await catalogOf(files);
    const result = await runEntry(catalog, APP);
    expect(result).toMatchObject({ status: 'slimmed', verified: true });
    expect(messageOf(result, 'trace-varied')).toContain(
      '2 paths were touched in only some of 19 traced runs',
    );
    const text = await catalog.read(`${APP}/Dockerfile`);
    expect(text).toContain('/srv/high');
    expect(text).toContain('/srv/low');
  });
});

describe('the kraft run line of a README', () => {
  test('mounts a volume, which the app reads and the image does not get', async () => {
    const readme = 'kraft run -v ./moons:/moons -M 128M .\n```\n\n```\nTitan';
    await using catalog = await catalogOf({
      ...smallEntry({ cmd: ['/bin/cat', '/moons/saturn'], readme }),
      [`${APP}/moons/saturn`]: 'Titan\n',
    });
    expect(await runEntry(catalog, APP)).toMatchObject({ status: 'slimmed', verified: true });
    const text = await catalog.read(`${APP}/Dockerfile`);
    expect(text).toContain('COPY --from=build /bin/cat /bin/cat');
    expect(text).not.toContain('/moons');
  });

  test('gives variables and arguments', async () => {
    const readme = 'kraft run -e PLANET=mars . -- /bin/sh -c "echo On $PLANET"\n```\n\n```\nOn mars';
    await using catalog = await catalogOf(
      smallEntry({ readme: readme.replace('"echo On $PLANET"', "'echo On $PLANET'") }),
    );
    const result = await runEntry(catalog, APP);
    expect(result).toMatchObject({ status: 'slimmed', verified: true });
    // the Kraftfile's own command is a launch as well
    expect(result.launches).toMatchObject([
      { argv: ['/bin/sh', '-c', 'echo On $PLANET'], env: { PLANET: 'mars' } },
      { argv: ['/bin/cat', '/hello'] },
    ]);
  });
});

describe('a workload of kraft-slim.yaml', () => {
  test('asks what no README says: a file that is written, and an exit code', async () => {
    const lines = ['echo Io >/tmp/moon', 'exit 3'];
    await using catalog = await catalogOf({
      ...smallEntry({
        dockerfile: ['FROM debian:bookworm', script(lines)],
        cmd: ['/bin/sh', '/run.sh'],
        readme: 'ls',
      }),
      [`${APP}/kraft-slim.yaml`]: [
        'workload:',
        '  probes:',
        '    - { kind: output, exitCode: 3 }',
        '    - { kind: file, path: /tmp/moon, expect: Io }',
        '',
      ].join('\n'),
    });
    const result = await runEntry(catalog, APP);
    expect(result.workload).toEqual({
      source: 'config',
      probes: [
        { kind: 'output', passed: true },
        { kind: 'file', passed: true },
      ],
    });
    // the directory that is only written to is there in the result
    expect(await catalog.read(`${APP}/Dockerfile`)).toContain('WORKDIR /tmp');
    await catalog.write({
      [`${APP}/kraft-slim.yaml`]: (text) => text.replace('expect: Io', 'expect: Europa'),
    });
    expect(await runEntry(catalog, APP, '--redo')).toMatchObject({ exitCode: 2, code: 'workload-failed' });
  });
});
