import { expect, test } from 'vitest';
import { catalogOf } from '../support/catalog.ts';
import { runEntry } from '../support/run-entry.ts';
import { APP, smallEntry } from '../support/small-entry.ts';

const OLD = `# the app
specification: '0.6'
rootfs: ./Dockerfile
runtime: base:latest
x-team: us
cmd: ["/bin/cat", "/hello"] # hello
`;

test('with --upgrade an old kraft.yaml becomes a Kraftfile, also of an entry that is slimmed already', async () => {
  const { [`${APP}/Kraftfile`]: _, ...rest } = smallEntry();
  await using catalog = await catalogOf({ ...rest, [`${APP}/kraft.yaml`]: OLD });
  expect(await runEntry(catalog, APP)).toMatchObject({
    status: 'slimmed',
    written: ['Dockerfile'],
    removed: [],
  });
  await catalog.commit();
  const { status, verified, written, removed } = await runEntry(catalog, APP, '--upgrade');
  expect({ status, verified, written, removed }).toEqual({
    status: 'slimmed',
    verified: true,
    written: ['Kraftfile'],
    removed: ['kraft.yaml'],
  });
  expect(await catalog.status()).toEqual([` D ${APP}/kraft.yaml`, `?? ${APP}/Kraftfile`]);
  expect(await catalog.read(`${APP}/Kraftfile`)).toBe(
    `# the app\nspec: v0.6\n\nx-team: us\n\nruntime: base:latest\n\nrootfs: ./Dockerfile\n\ncmd: ["/bin/cat", "/hello"] # hello\n`,
  );
  expect(await runEntry(catalog, APP, '--upgrade')).toMatchObject({
    status: 'unchanged',
    written: [],
    removed: [],
  });
});
