import { join } from 'node:path';
import { afterAll, test } from 'vitest';
import { connectEngine } from '../../../src/engine/connect.ts';
import type { ImageConfig } from '../../../src/engine/engine.ts';
import { slimEntry } from '../../../src/slim/slim-entry.ts';
import { exportRootfs } from '../../../src/slim/workshop.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { configOf, contentsOf, pathsOf, Recorder, type Taken } from './recorder.ts';
import {
  type RecordedContent,
  type RecordedEntry,
  type RecordedTree,
  type Recording,
  writeRecording,
} from './recording.ts';

/**
 * Records real runs of fixtures, so that the world is seen to be like an engine: `npm run golden:world`. An entry
 * belongs here where its app prints and ends.
 */
const FIXTURES = join(import.meta.dirname, '../../../catalog-fixtures');
const BASE = 'debian:bookworm';
const ENTRIES = [
  'examples/helloworld-gcc12',
  'examples/helloworld-musl',
  'examples/helloworld-rpath',
  'examples/helloworld-wrapper',
  'examples/stat-only',
  'examples/hidden-data',
  'examples/listed-directory',
  'examples/plugin-env',
  'examples/drifted-data',
  'examples/drifted-soname',
  'examples/lua5.4-arg',
  'examples/sqlite3.40-renamed',
];

const entries: RecordedEntry[] = [];
let base: {
  reference: string;
  paths: RecordedTree['paths'];
  contents: Record<string, RecordedContent>;
  config: RecordedTree['config'];
};

test('the base image', async () => {
  const engine = await connectEngine();
  const image = (await engine.inspectImage(BASE)) as ImageConfig;
  await using rootfs = await exportRootfs(engine, { image: image.id, signal: new AbortController().signal });
  base = { reference: BASE, paths: pathsOf(rootfs), contents: {}, config: configOf(image) };
});

test.each(ENTRIES)('%s', async (entry) => {
  const recorder = new Recorder();
  const end = recorder.listen();
  await using state = await temporaryDirectory();
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
  const { result, changes } = await slimEntry(join(FIXTURES, entry), options, {
    engine: async () => recorder.engine(await connectEngine()),
    signal: new AbortController().signal,
    on: () => undefined,
  }).finally(end);
  if (result.status === 'failed') throw new Error(`${result.code}: ${result.reason}`);
  const last = recorder.taken.at(-1) as Taken;
  const kept = Object.entries(last.paths).flatMap(([path, [type]]) => (type === 'directory' ? [] : [path]));
  const stages: Record<string, RecordedTree> = {};
  for (const taken of recorder.taken.slice(0, -1)) {
    const key = recorder.stages.get(taken.image);
    if (key !== undefined) stages[key] = treeOf(taken, recorder.configs.get(taken.image) as ImageConfig);
  }
  const written = Object.fromEntries(changes.map(({ name, after }) => [name, after]));
  const warnings = [...new Set(result.warnings.map(({ code }) => code))].sort();
  entries.push({ entry, stages, runs: [...recorder.runs.values()], kept, written, warnings });
});

/** A tree as it differs from the base's, which takes the contents of what is the same. */
function treeOf(taken: Taken, config: ImageConfig): RecordedTree {
  const isSame = (path: string) => JSON.stringify(taken.paths[path]) === JSON.stringify(base.paths[path]);
  const paths: Record<string, RecordedTree['paths'][string]> = {};
  for (const path of Object.keys(taken.paths)) if (!isSame(path)) paths[path] = taken.paths[path] ?? null;
  for (const path of Object.keys(base.paths)) if (taken.paths[path] === undefined) paths[path] = null;
  const contents: Record<string, RecordedContent> = {};
  for (const [path, content] of Object.entries(contentsOf(taken))) {
    if (isSame(path)) base.contents[path] = longest([...(base.contents[path] ?? []), ...content]);
    else contents[path] = content;
  }
  return { paths, contents, config: configOf(config) };
}

/** Of ranges that begin at one place the longest. */
function longest(ranges: RecordedContent): RecordedContent {
  const found = new Map<number, string>();
  for (const [offset, bytes] of ranges) {
    if ((found.get(offset)?.length ?? -1) < bytes.length) found.set(offset, bytes);
  }
  return [...found];
}

afterAll(() => {
  if (entries.length > 0) writeRecording({ base, entries } satisfies Recording);
});
