import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { resolvePath } from '../../../src/shared/file-tree.ts';
import { slimEntry } from '../../../src/slim/slim-entry.ts';
import { buildElf } from '../../support/elf-builder.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../support/temporary-directory.ts';
import type { Replayed } from '../container.ts';
import { World } from '../engine.ts';
import { PLAIN } from '../story.ts';
import type { WorldTree } from '../tree.ts';
import { type RecordedEntry, readRecording, tableOf } from './recording.ts';

const FIXTURES = join(import.meta.dirname, '../../../catalog-fixtures');
const { base, entries } = readRecording();

let directory: TemporaryDirectory;

beforeAll(async () => {
  directory = await temporaryDirectory();
  const program = join(directory.path, 'program');
  await writeFile(program, buildElf({ dynamic: false }), { mode: 0o755 });
  vi.stubEnv('KRAFT_SLIM_STRACE', program);
  vi.stubEnv('KRAFT_SLIM_BUSYBOX', program);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await directory[Symbol.asyncDispose]();
});

test.each(entries.map((entry) => [entry.entry, entry] as const))(
  'the world ends %s with the bytes of the real run',
  async (name, recorded) => {
    const catalog = join(directory.path, name);
    for (const folder of ['library', 'examples']) await mkdir(join(catalog, folder), { recursive: true });
    await mkdir(dirname(join(catalog, name)), { recursive: true });
    await cp(join(FIXTURES, name), join(catalog, name), { recursive: true });
    const world = worldOf(recorded);
    const { result, changes } = await slimEntry(
      join(catalog, name),
      { ...PLAIN, dryRun: true, force: true, redo: true },
      {
        engine: async () => world.engine(),
        signal: new AbortController().signal,
        on: () => undefined,
        networks: world.networks.pool(),
      },
    );
    expect(result.reason).toBeNull();
    expect(Object.fromEntries(changes.map(({ name: file, after }) => [file, after]))).toEqual(
      recorded.written,
    );
    expect([...new Set(result.warnings.map(({ code }) => code))].sort()).toEqual(recorded.warnings);
  },
);

function worldOf(recorded: RecordedEntry): World {
  const stages = Object.entries(recorded.stages).map(
    ([key, tree]) => [key, { tree: tableOf(tree, base), config: tree.config }] as const,
  );
  return new World({
    images: { [base.reference]: { tree: tableOf(base), config: base.config } },
    stages: Object.fromEntries(stages),
    runs: {},
    programs: {},
    hasFrontends: true,
    architecture: 'amd64',
    fault: () => undefined,
    replay: (argv, tree) => replay(recorded, argv, tree),
  });
}

/** A program behaves as it did, as long as it has all that the real result has. */
function replay({ runs, kept }: RecordedEntry, argv: readonly string[], tree: WorldTree): Replayed {
  const run = runs.find((seen) => JSON.stringify(seen.argv) === JSON.stringify(argv));
  if (run === undefined) throw new Error(`no run of ${argv.join(' ')} is recorded`);
  const { stdout, stderr, exitCode, trace } = run;
  const lacking = kept.find((path) => resolvePath(tree, path).entry === undefined);
  if (lacking === undefined) return { stdout, stderr, exitCode, trace: trace ?? '' };
  return { stdout: '', stderr: `${lacking} is missing\n`, exitCode: 1, trace: '' };
}
