import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectEngine } from '../../src/engine/connect.ts';
import { LABEL } from '../../src/engine/ownership.ts';
import { packItems } from '../../src/image/pack-tar.ts';
import { emptyImage, sidecarImage } from '../../src/workload/helper-images.ts';
import { runCli, runJson } from '../support/cli.ts';
import { docker } from '../support/docker.ts';
import { schemaFaults } from '../support/schemas.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

const OURS = 'kraft-slim/test-of-clean:1';
const NETWORK = 'kraft-slim-test-of-clean';

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
  const label = ['--label', `${LABEL}=elsewhere/1/1`];
  return {
    container: await docker(['create', ...label, empty, '/ours']),
    network: await docker(['network', 'create', '--internal', ...label, NETWORK]),
  };
}

const cli = () => ({ cwd: directory.path, env: { TMPDIR: directory.path } });

test('clean removes containers, networks, images and spools, and says which', async () => {
  const { container, network } = await makeLeftovers();
  const spool = join(directory.path, `kraft-slim-${process.getuid?.() ?? 'user'}`);
  await mkdir(spool, { mode: 0o700 });
  await writeFile(join(spool, '999999999-1.tar'), '');

  const { exitCode, document } = await runJson(['clean'], cli());
  expect(exitCode).toBe(0);
  expect(schemaFaults(document)).toEqual([]);
  expect(document.containers).toContain(container);
  expect(document.networks).toContain(network);
  expect(document.images).toEqual(
    expect.arrayContaining([OURS, 'kraft-slim/empty:2', 'kraft-slim/sidecar:1']),
  );

  await expect(docker(['container', 'inspect', container])).rejects.toThrow();
  await expect(docker(['network', 'inspect', network])).rejects.toThrow();
  await expect(docker(['image', 'inspect', OURS])).rejects.toThrow();
  await expect(writeFile(join(spool, '1-1.tar'), '')).rejects.toThrow('ENOENT');
});

test('clean tells people how much there was', async () => {
  await makeLeftovers();
  const { exitCode, stdout } = await runCli(['clean'], cli());
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^removed [1-9]\d* containers?, [1-9]\d* images?, [1-9]\d* networks?\n$/);
});

test('an image of somebody else stays', async () => {
  await runCli(['clean'], cli());
  await expect(docker(['image', 'inspect', 'debian:bookworm'])).resolves.toBeTruthy();
});
