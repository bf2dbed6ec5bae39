import { describe, expect, test } from 'vitest';
import { readCloudRun, readUnikraftBuild } from '../../src/entry/cloud-run.ts';
import { PLAIN_RUN } from '../../src/entry/kraft-run.ts';
import { readmeRuns } from '../../src/entry/readme-runs.ts';
import { shellWords } from '../../src/entry/shell-line.ts';

const run = (line: string) => readCloudRun(shellWords(line));
const PROJECT = { ...PLAIN_RUN, cloud: { project: '.', image: null, internal: [] } };
const MIB = 2 ** 20;

describe('the line', () => {
  test.each([
    ['kraft cloud deploy -p 443:8080 -M 512 .', 512 * MIB],
    ['kraft cloud deploy -p 443:8080 -M 512 # from the sources', 512 * MIB],
    ['kraft cloud --metro fra0 deploy -M 512Mi -p 443:8080/tls+http .', 512 * MIB],
    ['kraft cloud run --metro fra0 -p 443:8080/http+tls -M 512M .', 512e6],
    ['kraft cloud launch --scale-to-zero on --scale-to-zero-cooldown 1s -p 443:8080/tls . &', null],
    ['kraft cloud instance create -S -p 443:8080/http -M 1G .', 1e9],
  ])('%s runs what is built here', (line, memoryBytes) => {
    expect(run(line)).toEqual({ ...PROJECT, ports: [{ host: 443, guest: 8080 }], memoryBytes });
  });

  test.each([
    [
      'unikraft run --metro fra -m 512M -p 443:8080/tls+http --image <my-org>/a:latest',
      '<my-org>/a:latest',
      512e6,
    ],
    ['unikraft run --metro=fra -p 443:8080/tls+http -m 1G <my-org>/a:latest', '<my-org>/a:latest', 1e9],
    ['unikraft run --scale-to-zero policy=on,cooldown-time=1000 -p 443:8080 -m 1G --image a', 'a', 1e9],
    ['unikraft instances create -p 443:8080 -m 1G --image a/b', 'a/b', 1e9],
    ['kraft cloud deploy --name a -p 443:8080 -M 1G a:latest', 'a:latest', 1e9],
  ])('%s runs an image', (line, image, memoryBytes) => {
    const internal = line.includes('--name') ? ['a.internal'] : [];
    const cloud = { project: null, image, internal };
    expect(run(line)).toEqual({ ...PLAIN_RUN, ports: [{ host: 443, guest: 8080 }], memoryBytes, cloud });
  });

  test.each([
    'kraft cloud compose up',
    'kraft cloud instance list',
    'kraft cloud volume create --name data --size 200',
    'kraft run -p 443:8080 .',
    'unikraft instances list',
    'unikraft login',
    'unikraft build . --output a/b',
    'curl https://a.fra.unikraft.app',
  ])('%s runs nothing', (line) => {
    expect(run(line)).toBeUndefined();
  });

  test('names the variables, the volumes, and the names that other apps use', () => {
    const line =
      'unikraft run -e A=b --env C=mongo.internal:27017 -e "D=$D" -v data:/data --domain db.internal --domain a.example -n db --image x';
    expect(run(line)).toMatchObject({
      env: { A: 'b', C: 'mongo.internal:27017' },
      volumes: [{ host: 'data', guest: '/data', readOnly: false }],
      cloud: { internal: ['db.internal', 'db.internal'] },
    });
  });

  test.each([
    ['kraft cloud deploy -p 443:8080 . /age 2000', ['/age', '2000']],
    ['kraft cloud deploy . -- /bin/server --debug', ['/bin/server', '--debug']],
    ['kraft cloud deploy caddy:latest -- /bin/server --debug', ['/bin/server', '--debug']],
    ['unikraft run --image a -- "/bin/server --debug"', ['/bin/server --debug']],
    ['unikraft run --unknown value --image a', null],
    ['kraft cloud deploy --unknown value .', null],
  ])('%s has the arguments', (line, args) => {
    expect(run(line)?.args).toEqual(args);
  });

  test('of more words than anybody writes is not read', () => {
    expect(run(`unikraft run ${'-e A=b '.repeat(600)}`)).toBeUndefined();
  });
});

test.each([
  ['unikraft build . --output <my-org>/a:latest', { project: '.', image: '<my-org>/a:latest' }],
  ['unikraft build ./mongo --output a/mongo', { project: './mongo', image: 'a/mongo' }],
  ['unikraft run --image a', undefined],
])('%s builds', (line, built) => {
  expect(readUnikraftBuild(shellWords(line))).toEqual(built);
});

describe('the runs of a README', () => {
  const block = (...lines: string[]) => ['```bash title="unikraft"', ...lines, '```', ''].join('\n');

  test('by both commands, with continued lines, are one, and no text comes from what the cloud prints', () => {
    const runs = readmeRuns(
      [
        block(
          'unikraft build . --output <my-org>/a:latest',
          'unikraft run --metro fra \\',
          '  -m 512M \\',
          '  -p 443:8080/tls+http \\',
          '  --image <my-org>/a:latest',
        ),
        block('kraft cloud deploy \\', '  -M 256Mi \\', '  -p 443:8080/tls+http \\', '  .'),
        '```ansi title="unikraft"\nmetro: fra\n```\n',
        block('curl https://young-night.fra.unikraft.app/a'),
        '```text\nHello, World!\n```\n',
      ].join('\n'),
    );
    expect(runs).toHaveLength(1);
    expect(runs[0]?.run).toMatchObject({ memoryBytes: 512e6, ports: [{ host: 443, guest: 8080 }] });
    expect(runs[0]?.commands.at(-1)).toMatchObject({
      words: ['curl', 'https://young-night.fra.unikraft.app/a'],
      expected: 'Hello, World!',
    });
  });

  test('of two directories are two, each with the lines below it', () => {
    const runs = readmeRuns(
      block('unikraft build ./db --output o/db', 'unikraft run --domain db.internal --image o/db') +
        block(
          'unikraft build ./web --output o/web',
          'unikraft run -p 443:80 --image o/web',
          'curl https://<FQDN>',
        ),
    );
    expect(runs.map(({ run, commands }) => [run.cloud?.project, commands.length])).toEqual([
      ['./db', 3],
      ['./web', 2],
    ]);
  });
});
