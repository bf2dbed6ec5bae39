import { expect, test } from 'vitest';
import { catalogOf } from '../support/catalog.ts';
import { runEntry } from '../support/run-entry.ts';
import { APP, smallEntry } from '../support/small-entry.ts';

const DOCKERFILE = ['FROM debian:bookworm'];
const LOOKUP = ['/usr/bin/getent', 'ahosts', 'kraft-slim.example'];

test('a program that runs once and fails for lack of a network is compared by its failure, with a warning', async () => {
  await using catalog = await catalogOf(
    smallEntry({ dockerfile: DOCKERFILE, cmd: LOOKUP, readme: 'kraft run .' }),
  );
  const result = await runEntry(catalog, APP);
  expect(result).toMatchObject({ exitCode: 0, status: 'slimmed', verified: true });
  expect(result.workload?.probes).toEqual([{ kind: 'output', passed: true }]);
  const [warning] = result.warnings.filter(({ code }) => code === 'weak-workload');
  expect(warning?.message).toContain('/usr/bin/getent ends with exit code 2');
  expect(warning?.message).toContain('the lookup of a name failed');
  expect(warning?.message).toContain('workload.network: bridge');
  expect(await runEntry(catalog, 'verify', APP)).toMatchObject({ exitCode: 0, verified: true });

  await catalog.write({ [`${APP}/kraft-slim.yaml`]: 'workload: {arguments: [passwd, root]}\n' });
  const otherwise = await runEntry(catalog, 'verify', APP);
  expect(otherwise.launches).toMatchObject([{ argv: ['/usr/bin/getent', 'passwd', 'root'] }]);
});

test('a stage made by hand whose program fails for lack of a network is verified each time', async () => {
  const text = [
    'FROM debian:bookworm AS build',
    'FROM scratch',
    'COPY --from=build /usr/bin/getent /usr/bin/getent',
    'COPY --from=build /usr/lib/x86_64-linux-gnu/libc.so.6 /usr/lib/x86_64-linux-gnu/libc.so.6',
    'COPY --from=build /lib64/ld-linux-x86-64.so.2 /lib64/ld-linux-x86-64.so.2',
    'COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo',
  ];
  await using catalog = await catalogOf(
    smallEntry({ dockerfile: text, cmd: LOOKUP, readme: 'kraft run .\n```\n\n```\n192.0.2.1' }),
  );
  const result = await runEntry(catalog, APP);
  expect(result).toMatchObject({ exitCode: 0, status: 'slimmed', verified: true, repaired: false });
  expect(result.warnings.map(({ code }) => code)).toContain('weak-workload');
  expect(await runEntry(catalog, 'verify', APP)).toMatchObject({ exitCode: 0, verified: true });
});

test('a program that fails for another reason stays a failure', async () => {
  await using catalog = await catalogOf(
    smallEntry({ dockerfile: DOCKERFILE, cmd: ['/usr/bin/getent', 'nonsense'], readme: 'kraft run .' }),
  );
  expect(await runEntry(catalog, APP)).toMatchObject({ exitCode: 2, code: 'workload-failed' });
});
