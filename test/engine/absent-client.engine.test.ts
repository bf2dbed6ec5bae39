import { expect, test } from 'vitest';
import { catalogOf, type Files } from '../support/catalog.ts';
import { runEntry } from '../support/run-entry.ts';
import { APP, smallEntry } from '../support/small-entry.ts';

/** The steps of the fixture library/redis/7.0-hand, so that the engine has them. */
const BUILD = [
  'FROM debian:bookworm AS build',
  '',
  'RUN set -xe; \\',
  '    apt-get update; \\',
  '    apt-get install -y --no-install-recommends redis-server; \\',
  '    rm -rf /var/lib/apt/lists/*',
];

/** A redis made by hand, from a stage without redis-cli; `more` are lines of the final stage. */
function redisEntry(...more: string[]): Files {
  const dockerfile = [
    ...BUILD,
    'FROM build AS server',
    'RUN rm /usr/bin/redis-cli',
    'FROM scratch',
    'COPY --from=server /usr/bin/redis-server /usr/bin/redis-server',
    'COPY --from=server /usr/lib/x86_64-linux-gnu /usr/lib/x86_64-linux-gnu',
    'COPY --from=server /lib64/ld-linux-x86-64.so.2 /lib64/ld-linux-x86-64.so.2',
    ...more,
  ];
  const readme = [
    'kraft run -p 6379:6379 -M 256M .',
    'redis-cli -h localhost ping',
    '```\n\n```\nPONG\n```\n\n```',
    'redis-cli -h localhost set planet venus',
    'mysql -h localhost -P 6379 -e "SELECT 1"',
  ].join('\n');
  return smallEntry({ dockerfile, cmd: ['/usr/bin/redis-server', '--save', ''], readme });
}

const leftOut = (warnings: readonly { code: string; message: string }[]) =>
  warnings.filter(({ message }) => message.includes('no image of the entry has the client')).length;

test('a client that no image of the entry has: redis-cli is spoken for, and others are left out by name', async () => {
  await using catalog = await catalogOf(redisEntry());
  const result = await runEntry(catalog, APP);
  expect(result).toMatchObject({ exitCode: 0, status: 'slimmed', verified: true });
  expect(result.workload?.probes).toEqual([
    { kind: 'client', passed: true },
    { kind: 'client', passed: true },
  ]);
  const [warning] = result.warnings.filter(({ message }) => message.includes('mysql'));
  expect(warning).toMatchObject({ code: 'weak-workload' });
  expect(leftOut(result.warnings)).toBe(1);
  const again = await runEntry(catalog, 'verify', APP);
  expect(again).toMatchObject({ exitCode: 0, verified: true });
});

test('a client runs in another stage that the Dockerfile copies from', async () => {
  await using catalog = await catalogOf(
    redisEntry('COPY --from=build /etc/nsswitch.conf /etc/nsswitch.conf'),
  );
  const result = await runEntry(catalog, APP);
  expect(result).toMatchObject({ exitCode: 0, status: 'slimmed', verified: true });
  expect(result.workload?.probes).toHaveLength(2);
  expect(leftOut(result.warnings)).toBe(1);
});
