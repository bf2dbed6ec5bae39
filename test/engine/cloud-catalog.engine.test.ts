import { expect, test } from 'vitest';
import { cloudCatalog } from '../support/catalog.ts';
import { runJson } from '../support/cli.ts';
import { BARE, cloudTest, FULL_IMAGE, SERVICES, within } from '../support/cloud-catalog.ts';
import { schemaFaults } from '../support/schemas.ts';

const bytesOf = (size: unknown) => (size as { readonly bytes: number }).bytes;

test('an entry at the top that ends in a full image is slimmed by what its README asks', async () => {
  await using catalog = await cloudCatalog(within('httpserver-perl', FULL_IMAGE));
  const { exitCode, document } = await runJson(['httpserver-perl'], { cwd: catalog.path });
  expect(schemaFaults(document)).toEqual([]);
  expect({ exitCode, ...document }).toMatchObject({
    exitCode: 0,
    entry: 'httpserver-perl',
    status: 'slimmed',
    verified: true,
    workload: { source: 'readme', probes: [{ kind: 'http', passed: true }] },
  });
  expect(bytesOf(document.after)).toBeLessThan(bytesOf(document.before) / 3);
  // what Linux does is no fault on base-compat
  expect((document.warnings as { code: string }[]).map(({ code }) => code)).not.toContain('signals');
});

test('a Dockerfile alone is slimmed by its test file, and gets a Kraftfile', async () => {
  const name = 'httpserver-bare';
  const files = { ...BARE, [`test_${name}.py`]: cloudTest(name, 9000, 'Hello from perl!') };
  await using catalog = await cloudCatalog(within(name, files));
  const { exitCode, document } = await runJson([name], { cwd: catalog.path });
  expect(schemaFaults(document)).toEqual([]);
  expect({ exitCode, ...document }).toMatchObject({
    exitCode: 0,
    entry: name,
    status: 'slimmed',
    verified: true,
    written: ['Kraftfile', 'Dockerfile'],
    launches: [{ kraftfile: 'Kraftfile', env: { GREETING: 'Hello' } }],
    workload: { source: 'test', probes: [{ kind: 'http', passed: true }] },
    warnings: expect.arrayContaining([expect.objectContaining({ code: 'kraftfile-absent' })]),
  });
  expect(await catalog.read(`${name}/Kraftfile`)).toContain(
    'cmd: ["/usr/bin/perl", "/src/server.pl", "9000"]\n',
  );
  const again = await runJson([name], { cwd: catalog.path });
  expect(again.document).toMatchObject({ status: 'unchanged', warnings: [] });
});

test('a service that names another by .internal is asked while the other runs beside it', async () => {
  await using catalog = await cloudCatalog(within('shop', SERVICES));
  const { exitCode, document } = await runJson(['shop/web'], { cwd: catalog.path });
  expect({ exitCode, ...document }).toMatchObject({
    exitCode: 0,
    entry: 'shop/web',
    status: 'slimmed',
    verified: true,
    workload: { source: 'readme', probes: [{ kind: 'http', passed: true }] },
    launches: [{ env: { DB: '127.0.0.1:5432' } }],
  });
});
