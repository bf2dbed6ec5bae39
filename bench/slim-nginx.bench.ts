import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'vitest';
import { loadConfig } from '../src/config/load-config.ts';
import { connectEngine } from '../src/engine/connect.ts';
import { composeLaunch } from '../src/entry/launch.ts';
import { readUnit } from '../src/entry/read-unit.ts';
import { runOf } from '../src/entry/readme-runs.ts';
import type { RootfsUnit } from '../src/entry/unit.ts';
import { buildImage } from '../src/image/build.ts';
import { slimEntry } from '../src/slim/slim-entry.ts';
import { workloadFromReadme } from '../src/workload/from-readme.ts';
import { runLaunch } from '../src/workload/run-launch.ts';
import { race } from './rounds.ts';

const OPTIONS = {
  dryRun: true,
  force: false,
  redo: true,
  upgrade: false,
  askStages: false,
  placeholders: false,
  untrusted: false,
  stateDirectory: null,
  search: null,
};

test('a whole run beside its floor: a cached build, two runs of the app, one rebuild', async () => {
  const engine = await connectEngine();
  const signal = new AbortController().signal;
  const catalog = await mkdtemp(join(tmpdir(), 'kraft-slim-bench-'));
  try {
    await cp('catalog-fixtures', catalog, { recursive: true });
    const entry = join(catalog, 'library/nginx/1.22');
    const unit = (await readUnit(entry)) as RootfsUnit;
    const { build: settings } = await loadConfig({
      entryDirectory: entry,
      catalogRoot: catalog,
      untrusted: false,
    });
    const tools = { engine: async () => engine, signal, on: () => undefined };
    const slim = () => slimEntry(entry, OPTIONS, tools);
    const rendered = (await slim()).changes.find(({ name }) => name === 'Dockerfile')?.after ?? '';
    const original = await readFile(join(entry, 'Dockerfile'), 'utf8');
    const readme = await readFile(join(entry, 'README.md'), 'utf8');
    const build = (text: string) =>
      buildImage(engine, {
        directory: entry,
        dockerfile: 'Dockerfile',
        text,
        settings,
        onWarning: () => undefined,
      });
    const floor = async () => {
      const full = await build(original);
      const image = await engine.inspectImage(full);
      if (image === undefined) throw new Error('the engine has lost the image');
      const launch = composeLaunch(unit.kraftfiles[0], image, { run: runOf(readme) });
      const workload = workloadFromReadme(readme);
      const run = { image: full, clients: full, argv: launch.argv, env: launch.env, workload, signal };
      await runLaunch(engine, run);
      await runLaunch(engine, run);
      const slimmed = await build(rendered);
      await engine.removeImage(slimmed);
      await engine.removeImage(full);
    };
    await race('kraft-slim library/nginx/1.22', [
      { name: 'floor: cached build, two runs, one rebuild', run: floor },
      { name: 'kraft-slim, whole run', run: slim },
    ]);
  } finally {
    await rm(catalog, { recursive: true, force: true });
  }
});
