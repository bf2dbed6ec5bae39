import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PLAIN_RUN } from '../../src/entry/kraft-run.ts';
import { readUnit } from '../../src/entry/read-unit.ts';
import type { RootfsUnit } from '../../src/entry/unit.ts';
import { readUse } from '../../src/entry/use-files.ts';
import { type ServiceImage, withServices } from '../../src/slim/baseline/service-images.ts';
import { serviceUnits } from '../../src/slim/service-units.ts';
import { inputsOf } from '../../src/slim/state/inputs.ts';
import { workloadOfUse } from '../../src/workload/from-uses.ts';
import { cloudCatalog } from '../support/catalog.ts';
import { CLOUD_CATALOG } from '../support/cloud-catalog.ts';

test('what a service names by .internal starts before it, over the same loopback', async () => {
  await using catalog = await cloudCatalog(CLOUD_CATALOG);
  const unit = (await readUnit(join(catalog.path, 'shop/web'))) as RootfsUnit;
  const [db, ...more] = await serviceUnits(unit);
  expect([db?.name, more]).toEqual(['shop/db', []]);
  expect(await serviceUnits((await readUnit(join(catalog.path, 'shop/db'))) as RootfsUnit)).toEqual([]);

  const use = readUse(unit.directory, catalog.path);
  const { described, workload } = workloadOfUse(use.readme[0], use);
  const run = described?.run ?? PLAIN_RUN;
  const config = { id: 'sha256:db', env: ['LANG=C'], entrypoint: [], cmd: [] };
  const images = [{ unit: db, config }] as unknown as ServiceImage[];
  expect(withServices(run, workload, { others: use.others, images })).toMatchObject({
    run: { env: { DB: '127.0.0.1:5432' } },
    missing: [],
    workload: {
      source: 'readme',
      services: [
        {
          command: ['/usr/bin/perl', '/src/db.pl', '--data', '/data'],
          image: 'sha256:db',
          env: { LANG: 'C', DB_PASSWORD: 'secret' },
          ports: [5432],
        },
      ],
    },
  });
  expect(withServices(run, workload, { others: use.others, images: [] })).toMatchObject({
    missing: ['shop/db'],
    workload: { source: 'derived' },
  });
});

test('what a service is made of is an input of the entry that needs it', async () => {
  await using catalog = await cloudCatalog(CLOUD_CATALOG);
  const unit = (await readUnit(join(catalog.path, 'shop/web'))) as RootfsUnit;
  const keys = [...(await inputsOf(unit, async () => [])).keys()];
  expect(keys).toContain('service: file shop/db/db.pl');
});
