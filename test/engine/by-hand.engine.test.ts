import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectEngine } from '../../src/engine/connect.ts';
import type { ImageId } from '../../src/engine/engine.ts';
import type { HttpProbe } from '../../src/workload/probe.ts';
import { runLaunch } from '../../src/workload/run-launch.ts';
import { USUAL } from '../../src/workload/workload.ts';
import type { Catalog } from '../support/catalog.ts';
import { docker, labelWords } from '../support/docker.ts';
import { SWEEP_MS, slimmedFixtures } from '../support/swept-fixtures.ts';

const NGINX = 'library/nginx/1.22';
const PAGES = ['index.html', 'about.html'];

let catalog: Catalog;
beforeAll(async () => {
  const { resultOf, ...slimmed } = await slimmedFixtures([NGINX]);
  catalog = slimmed.catalog;
  expect(resultOf(NGINX)).toMatchObject({ status: 'slimmed', verified: true });
}, SWEEP_MS);
afterAll(() => catalog[Symbol.asyncDispose]());

test.each([
  ['the classic builder', '0'],
  ['BuildKit', '1'],
])('the written Dockerfile builds by hand with %s, and both pages are served', async (_, buildKit) => {
  await using image = await buildByHand(join(catalog.path, NGINX), buildKit);
  const pages = await Promise.all(PAGES.map((page) => catalog.read(`${NGINX}/wwwroot/${page}`)));
  const status = '200 OK (text/html)';
  expect(await askPages(image.id)).toEqual(pages.map((text) => ({ status, text, fault: null })));
});

/** Debian's client, as one builds without the tool. */
async function buildByHand(directory: string, buildKit: string): Promise<AsyncDisposable & { id: ImageId }> {
  // the host's network reaches out on every machine, the engine's own on some
  const words = ['build', '--quiet', '--network', 'host', ...labelWords()];
  const id = (await docker([...words, directory], { DOCKER_BUILDKIT: buildKit })) as ImageId;
  return {
    id,
    async [Symbol.asyncDispose]() {
      await docker(['image', 'rm', '--force', id]);
    },
  };
}

async function askPages(image: ImageId) {
  const probes = PAGES.map(
    (page): HttpProbe => ({
      kind: 'http',
      port: 80,
      tls: false,
      method: 'GET',
      path: `/${page}`,
      headers: {},
      body: null,
      expectStatus: null,
      expect: null,
      showsHead: false,
      follows: false,
    }),
  );
  const { answers } = await runLaunch(await connectEngine(), {
    image,
    clients: image,
    argv: ['/usr/sbin/nginx', '-c', '/etc/nginx/nginx.conf'],
    env: {},
    workload: { source: 'derived', ports: [80], probes, ...USUAL },
  });
  return answers.map(({ answer }) => answer);
}
