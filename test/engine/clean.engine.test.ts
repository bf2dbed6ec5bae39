import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectEngine } from '../../src/engine/connect.ts';
import { packItems } from '../../src/image/pack-tar.ts';
import { scopeOfRun } from '../../src/shared/scope.ts';
import { emptyImage, helperReference, sidecarImage } from '../../src/workload/helper-images.ts';
import { runCli, runJson } from '../support/cli.ts';
import { docker, labelWords } from '../support/docker.ts';
import { schemaFaults } from '../support/schemas.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

const SCOPE = scopeOfRun().name;
const OURS = `kraft-slim/test-of-clean:${SCOPE}`;
const NETWORK = `kraft-slim-test-of-clean-${SCOPE}`;

let directory: TemporaryDirectory;
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(async () => {
  await directory[Symbol.asyncDispose]();
  for (const words of [
    ['network', 'rm', NETWORK],
    ['image', 'rm', OURS],
  ])
    await docker(words).catch(() => '');
});

/** One of each thing that carries the label, made by a process that has died long ago. */
async function makeLeftovers(): Promise<{ container: string; network: string }> {
  const engine = await connectEngine();
  const empty = await emptyImage(engine);
  await sidecarImage(engine);
  await engine.importImage(packItems([{ name: 'ours', type: 'directory', mode: 0o755 }]), OURS);
  const label = labelWords('elsewhere/1/1');
  return {
    container: await docker(['create', ...label, empty, '/ours']),
    network: await docker(['network', 'create', '--internal', ...label, NETWORK]),
  };
}

const cli = () => ({ cwd: directory.path, env: { TMPDIR: directory.path } });

test('clean removes containers, networks, images and spools, and says which', async () => {
  const { container, network } = await makeLeftovers();
  const spool = join(directory.path, `kraft-slim-${process.getuid?.() ?? 'user'}-${SCOPE}`);
  await mkdir(spool, { mode: 0o700 });
  await writeFile(join(spool, '999999999-1.tar'), '');

  const { exitCode, document } = await runJson(['clean'], cli());
  expect(exitCode).toBe(0);
  expect(schemaFaults(document)).toEqual([]);
  expect(document.containers).toContain(container);
  expect(document.networks).toContain(network);
  expect(document.images).toEqual(
    expect.arrayContaining([OURS, helperReference('empty'), helperReference('sidecar')]),
  );

  await expect(docker(['container', 'inspect', container])).rejects.toThrow();
  await expect(docker(['network', 'inspect', network])).rejects.toThrow();
  await expect(docker(['image', 'inspect', OURS])).rejects.toThrow();
  await expect(writeFile(join(spool, '1-1.tar'), '')).rejects.toThrow('ENOENT');
});

test('clean reports to people how much there was', async () => {
  await makeLeftovers();
  const { exitCode, stdout } = await runCli(['clean'], cli());
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^removed [1-9]\d* containers?, [1-9]\d* images?, [1-9]\d* networks?\n$/);
});

test('what belongs to another scope stays, and goes with a clean of that scope', async () => {
  const { container, network } = await makeLeftovers();
  const spool = join(directory.path, `kraft-slim-${process.getuid?.() ?? 'user'}-${SCOPE}`, '1-1.tar');
  await mkdir(dirname(spool), { mode: 0o700 });
  await writeFile(spool, '');
  const there = () =>
    Promise.all([
      docker(['container', 'inspect', '--format', '{{.Id}}', container]),
      docker(['network', 'inspect', '--format', '{{.Id}}', network]),
      docker(['image', 'inspect', '--format', '{{.Id}}', OURS]),
      docker(['image', 'inspect', '--format', '{{.Id}}', helperReference('empty')]),
      readFile(spool, 'utf8'),
    ]);
  const before = await there();
  const beside = { cwd: directory.path, env: { ...cli().env, KRAFT_SLIM_SCOPE: `${SCOPE}-beside` } };
  const { exitCode, document } = await runJson(['clean'], beside);
  expect({ exitCode, ...document }).toMatchObject({ exitCode: 0, containers: [], networks: [], images: [] });
  expect(await there()).toEqual(before);

  expect((await runJson(['clean'], cli())).document.containers).toEqual([container]);
  await expect(there()).rejects.toThrow();
});

test('an image of somebody else stays', async () => {
  await runCli(['clean'], cli());
  await expect(docker(['image', 'inspect', 'debian:bookworm'])).resolves.toBeTruthy();
});
