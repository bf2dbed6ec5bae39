import { expect, test } from 'vitest';
import { catalogOf } from '../support/catalog.ts';
import { schemaFaults } from '../support/schemas.ts';
import { APP, smallEntry } from '../support/small-entry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { installPackage } from './installed.ts';

test('the packed file, installed beside no checkout, slims an entry', async () => {
  await using top = await temporaryDirectory();
  const { kraftSlim } = await installPackage(top);
  await using catalog = await catalogOf(smallEntry());
  const { exitCode, stdout } = await kraftSlim(['--json', APP], catalog.path);
  const document = JSON.parse(stdout) as object;
  expect(schemaFaults(document)).toEqual([]);
  expect({ exitCode, ...document }).toMatchObject({ exitCode: 0, status: 'slimmed', verified: true });
  expect(await catalog.read(`${APP}/Dockerfile`)).toContain('FROM scratch');
});
