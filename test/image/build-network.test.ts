import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withDefaults } from '../../src/config/config-schema.ts';
import { withoutLeave } from '../../src/config/leave.ts';
import { BuildError, type Engine } from '../../src/engine/engine.ts';
import { buildImage } from '../../src/image/build.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** Builds with an engine whose networks lead nowhere; the networks that it was asked for. */
async function networksOf(untrusted: boolean) {
  await using top = await temporaryDirectory();
  await writeFile(join(top.path, 'Dockerfile'), 'FROM a\nRUN curl x\n');
  const networks: (string | undefined)[] = [];
  const warnings: string[] = [];
  const engine: Partial<Engine> = {
    architecture: 'amd64',
    async build({ network }) {
      networks.push(network);
      throw new BuildError('exit code 6', '[2/2] RUN curl x', ['curl: (6) Could not resolve host: x']);
    },
  };
  const config = withDefaults({});
  const error = await buildImage(engine as Engine, {
    directory: top.path,
    dockerfile: 'Dockerfile',
    text: 'FROM a\nRUN curl x\n',
    settings: (untrusted ? withoutLeave(config) : config).build,
    onWarning: (code) => warnings.push(code),
  }).catch((caught: unknown) => caught);
  return { networks, warnings, error };
}

test("a RUN that cannot reach out is tried again on the host's network", async () => {
  const { networks, warnings } = await networksOf(false);
  expect({ networks, warnings }).toEqual({ networks: ['default', 'host'], warnings: ['build-host-network'] });
});

test("a RUN of an untrusted entry is never run on the host's network, and the failure says why", async () => {
  const { networks, warnings, error } = await networksOf(true);
  expect({ networks, warnings }).toEqual({ networks: ['default'], warnings: [] });
  expect(error).toMatchObject({ code: 'build-failed', hint: expect.stringContaining('--untrusted') });
});
