import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { connectEngine } from '../../../src/engine/connect.ts';
import { slimEntry } from '../../../src/slim/slim-entry.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { renderStored } from './render-stored.ts';
import { type StoredPlan, storeBelow, storeInPlace } from './stored-plan.ts';

/**
 * Records what rendering each fixture takes, out of a real run of it: `npm run golden`, for some of them
 * `npm run golden -- -t nginx`. Where only the rendering has changed, `npm run golden:render` is enough.
 */
const FIXTURES = join(import.meta.dirname, '../../../catalog-fixtures');

const recorded = vi.hoisted(() => ({ plan: undefined as unknown }));

vi.mock('../../../src/render/render-dockerfile.ts', async (importOriginal) => {
  const real = await importOriginal<typeof import('../../../src/render/render-dockerfile.ts')>();
  const renderDockerfile: typeof real.renderDockerfile = (request) => {
    recorded.plan = storeBelow(request);
    return real.renderDockerfile(request);
  };
  return { ...real, renderDockerfile };
});

vi.mock('../../../src/render/rewrite-dockerfile.ts', async (importOriginal) => {
  const real = await importOriginal<typeof import('../../../src/render/rewrite-dockerfile.ts')>();
  const recording: typeof real.rewriteDockerfile = (request) => {
    recorded.plan = storeInPlace(request);
    return real.rewriteDockerfile(request);
  };
  return { ...real, rewriteDockerfile: recording };
});

const names = await readdir(FIXTURES, { recursive: true });
const entries = names.filter((name) => name.endsWith('/Dockerfile')).map((name) => dirname(name));

test.each(entries.sort())('%s', async (entry) => {
  await using state = await temporaryDirectory();
  recorded.plan = undefined;
  const kraftfile = names.find((name) => name.startsWith(`${entry}/Kraftfile`)) ?? entry;
  const options = {
    dryRun: true,
    force: true,
    redo: true,
    upgrade: false,
    askStages: false,
    placeholders: false,
    untrusted: false,
    search: null,
    stateDirectory: state.path,
  };
  const tools = { engine: () => connectEngine(), signal: new AbortController().signal, on: () => undefined };
  const { result, changes } = await slimEntry(join(FIXTURES, kraftfile), options, tools);
  if (result.status === 'failed') throw new Error(`${result.code}: ${result.reason}`);
  const plan = recorded.plan as StoredPlan;
  const rendered = renderStored(plan);
  expect(rendered.text).toBe(changes.find(({ name }) => name === 'Dockerfile')?.after);
  const directory = join(import.meta.dirname, 'entries', entry);
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'plan.json'), `${JSON.stringify(plan, null, 1)}\n`);
  await writeFile(join(directory, 'Dockerfile'), rendered.text);
  if (rendered.list !== null) await writeFile(join(directory, 'rootfs.list'), rendered.list);
});
