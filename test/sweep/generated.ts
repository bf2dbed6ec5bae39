import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../src/engine/engine.ts';
import { readUnit } from '../../src/entry/read-unit.ts';
import type { RootfsUnit } from '../../src/entry/unit.ts';
import { promiseOf } from '../../src/slim/promise.ts';
import { emptyResult } from '../../src/slim/result.ts';
import { fingerprintOf } from '../../src/slim/state/fingerprint.ts';
import { inputsOf } from '../../src/slim/state/inputs.ts';
import { stateKeyOf, writeState } from '../../src/slim/state/state.ts';
import { dependentsAmong } from '../../src/sweep/dependents.ts';
import { discoverEntries } from '../../src/sweep/discover.ts';
import { localExecutor } from '../../src/sweep/local-executor.ts';
import { sweep } from '../../src/sweep/sweep.ts';
import { PLAIN } from './plain-options.ts';

const KCONFIG = Array.from({ length: 60 }, (_, at) => `    CONFIG_OPTION_${at}: 'y'`).join('\n');
const README =
  '# App\n\n```\nkraft run --rm -p 8080:8080 -M 256M .\n```\n\n```\ncurl localhost:8080\n```\n\n```\nHello\n```\n';

/** Writes a catalog of so many entries, a quarter of them library entries, a tenth of the others over one of these. */
export async function generateCatalog(root: string, count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) {
    const isLibrary = at % 4 === 0;
    const directory = join(root, isLibrary ? `library/app${at}/1.0` : `examples/app${at}`);
    const runtime = at % 10 === 1 ? `app${Math.floor(at / 8) * 4}:1.0` : 'base:latest';
    const kind = isLibrary
      ? `template:\n  source: x\n  version: y\n\nunikraft:\n  version: stable\n  kconfig:\n${KCONFIG}\n`
      : `runtime: ${runtime}\n`;
    await mkdir(join(directory, 'src'), { recursive: true });
    await writeFile(
      join(directory, 'Kraftfile'),
      `spec: v0.6\n\nrootfs: ./Dockerfile\n\ncmd: ["/app"]\n\n${kind}`,
    );
    await writeFile(join(directory, 'Dockerfile'), `FROM debian:bookworm\nRUN echo ${at}\nCOPY src /src\n`);
    await writeFile(join(directory, 'README.md'), README);
    for (const name of ['main.c', 'page.html', 'app.conf']) {
      await writeFile(join(directory, 'src', name), `${name} of ${at}\n`.repeat(50));
    }
  }
}

/** Remembers every entry of a catalog as one that was slimmed and has not changed since. */
export async function rememberAll(root: string): Promise<void> {
  const entries = await discoverEntries(root);
  for (const { path } of entries) {
    const unit = (await readUnit(path)) as RootfsUnit;
    const inputs = await inputsOf(unit, dependentsAmong(entries));
    const { dryRun: _, force: __, redo: ___, stateDirectory: ____, ...deciding } = PLAIN;
    const options = { ...deciding, promise: promiseOf(unit, {}, null) };
    const fingerprint = await fingerprintOf(unit, { inputs, options, resolve: async () => DIGEST });
    const size = { files: 1, bytes: 1 };
    const result = { ...emptyResult(unit.name), before: size, after: size };
    const entry = stateKeyOf(unit);
    const rest = { written: {}, kept: [], missed: [] };
    await writeState(join(root, '.kraft-slim'), {
      schema: 'kraft-slim/state/1',
      entry,
      result,
      fingerprint,
      ...rest,
    });
  }
}

const DIGEST = 'sha256:1';

/** An engine that knows images by their names, and does nothing else. */
const ASKED_ONLY = {
  during: () => ASKED_ONLY,
  resolveImage: async () => DIGEST,
  resources: async () => ({ memoryBytes: 8 * 1024 ** 3, processors: 2 }),
} as unknown as Engine;

/** Sweeps a catalog with an engine that can neither build nor run. */
export async function sweepOnly(root: string) {
  const signal = new AbortController().signal;
  const on = () => undefined;
  const limits = { builds: 2, runs: 2, memoryBytes: null, entryTimeoutMs: 600_000 };
  const tools = { signal, on, engine: async () => ASKED_ONLY, limits };
  const usual = {
    below: null,
    globs: [],
    changed: null,
    classes: { only: [], skip: [] },
    shard: null,
    durations: null,
  };
  const request = { catalogRoot: root, ...usual, options: PLAIN, jobs: 4 };
  return await sweep(request, { signal, on, openExecutor: (context) => localExecutor(context, tools) });
}
