import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectEngine } from '../../src/engine/connect.ts';
import type { Engine, ImageId } from '../../src/engine/engine.ts';
import { buildImage } from '../../src/image/build.ts';
import type { Rootfs } from '../../src/image/rootfs.ts';
import type { Layout } from '../../src/plan/layout.ts';
import { resolvePath } from '../../src/shared/file-tree.ts';
import { ancestorsOf, imagePath } from '../../src/shared/image-path.ts';
import { anySteps, anyTable } from '../support/any-rootfs.ts';
import { anyStage, linesOf, needsBy, type StageDraft } from '../support/any-stage.ts';
import { ModelError } from '../support/copy-model.ts';
import { imageRootfs } from '../support/image-rootfs.ts';
import { rewrite, type Sources, sourcesOf, traceStage } from '../support/rewriting.ts';
import { type RootfsFile, type RootfsTable, tarOf, treeText } from '../support/rootfs.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** How many stages are built twice: as they are generated, and rewritten. */
const STAGES = 200;
/** Engines build no more layers than some 120 in an image. */
const JOINED = 50;
const SEED = 2025;

/** Paths with one line each, as `treeText` has them. */
type Tree = Readonly<Record<string, string>>;

type Case = {
  /** The lines of a final stage. */
  readonly lines: string;
  /** What they should give. */
  readonly expected: Tree;
};

let engine: Engine;
let opened: Awaited<ReturnType<typeof sourcesOf>>;
let generated: Case[];
let rewritten: Case[];
let built: Tree[];
beforeAll(async () => {
  engine = await connectEngine();
  const tables = {
    build: largeTable(SEED),
    sys: largeTable(SEED + 1),
    '.': contextTable(largeTable(SEED + 2)),
  };
  opened = await sourcesOf(tables);
  ({ generated, rewritten } = await casesOver(opened.sources));
  built = await buildAll([...generated, ...rewritten], tables);
});
afterAll(() => opened?.[Symbol.asyncDispose]());

/** Of many root file systems the one of most paths; without links that climb, which BuildKit's cache loses above the root. */
function largeTable(seed: number): RootfsTable {
  const climbs = (value: RootfsTable[string]) => typeof value === 'string' && value.includes('..');
  const tables = fc
    .sample(anyTable, { seed, numRuns: 300 })
    .filter((one) => !Object.values(one).some(climbs));
  return tables.reduce((a, b) => (Object.keys(a).length >= Object.keys(b).length ? a : b));
}

/** A table as a build context can have it: of owner 0, and without hard links, which are sent as files. */
function contextTable(table: RootfsTable): RootfsTable {
  const plain = (value: RootfsTable[string]): RootfsTable[string] => {
    if (typeof value === 'object' && 'content' in value) return { ...value, uid: 0, gid: 0 };
    const [, first] = /^link (.*)$/s.exec(String(value)) ?? [];
    return first === undefined ? value : plain(table[first] as RootfsFile);
  };
  return Object.fromEntries(Object.entries(table).map(([path, value]) => [path, plain(value)]));
}

describe(`${STAGES} stages that were generated, by the engine:`, () => {
  test('they give what the model says, by which thousands more are checked without an engine', () => {
    expect(generated).toHaveLength(STAGES);
    for (const [at, { lines, expected }] of generated.entries()) expect(built[at], lines).toEqual(expected);
  });

  test('each file is explained by the lines', async () => {
    for (const [at, { lines }] of generated.entries()) {
      const tree = built[at] as Tree;
      await using traced = await traceStage(textOf(lines), opened.sources, tableOf(tree));
      const unexplained = Object.keys(tree).filter((path) => !traced.copied.has(imagePath(path)));
      expect(
        unexplained.filter((path) => !tree[path]?.startsWith('directory')),
        lines,
      ).toEqual([]);
    }
  });

  test('rewritten, they give the files that were laid out', () => {
    expect(rewritten).toHaveLength(STAGES);
    for (const [at, { lines, expected }] of rewritten.entries()) {
      expect(built[STAGES + at], `${generated[at]?.lines}\n---\n${lines}`).toEqual(expected);
    }
  });
});

const HEAD = 'FROM debian AS build\nFROM debian AS sys\n';
const textOf = (lines: string) => `${HEAD}FROM scratch\n${lines}\n`;

async function casesOver(sources: Sources): Promise<{ generated: Case[]; rewritten: Case[] }> {
  const drafts = fc.sample(
    fc.record({ stage: anyStage, needed: fc.array(anySteps, { minLength: 1, maxLength: 8 }) }),
    {
      seed: SEED,
      numRuns: 10 * STAGES,
    },
  );
  const found = { generated: [] as Case[], rewritten: [] as Case[] };
  for (const { stage, needed } of drafts) {
    if (found.generated.length === STAGES) break;
    const lines = linesOf(stage.flatMap(buildable), sources).join('\n');
    await using traced = await traceStage(textOf(lines), sources).catch((error: unknown) => {
      if (error instanceof ModelError) return null;
      throw error;
    });
    if (traced === null || [...traced.full.entries()].length === 0) continue;
    const { rendered, layout } = rewrite(traced, needsBy(needed, traced.full), { sources });
    const result = rendered?.text.split('FROM scratch\n').at(-1)?.trim();
    // what was not cut is built already, and a stage of nothing is none to copy from
    if (result === undefined || result === '' || result === lines.trim()) continue;
    found.generated.push({ lines, expected: treeText(traced.full) });
    found.rewritten.push({ lines: result, expected: layoutText(layout, traced.full) });
  }
  return found;
}

/** What BuildKit of Engine 20.10 knows. With --chown the directories on the way get the owner as well, which no layout says. */
function buildable(line: StageDraft[number]): StageDraft {
  if (line.kind === 'heredoc') return [];
  return [line.kind === 'copy' && line.flag !== '--chmod=640' ? { ...line, flag: null } : line];
}

function layoutText({ entries }: Layout, full: Rootfs): Tree {
  return Object.fromEntries(
    entries.map((entry) => {
      const head = `${entry.type} ${entry.mode.toString(8)} ${entry.uid}:${entry.gid}`;
      if (entry.type === 'directory') return [entry.path, head];
      const content = full.read(resolvePath(full, entry.source).path);
      return [entry.path, `${head} ${Buffer.from(content).toString('latin1')}`];
    }),
  );
}

/** A tree as a table again; owners make no difference to provenance. */
function tableOf(tree: Tree): RootfsTable {
  return Object.fromEntries(
    Object.entries(tree).map(([path, line]) => {
      const [, type = '', rest = ''] = /^(\S+) (.*)$/s.exec(line) ?? [];
      if (type === 'symlink') return [path, line];
      const [, mode = '', content = ''] = /^(\S+) \S+ ?(.*)$/s.exec(rest) ?? [];
      if (type === 'directory') return [path, `directory ${mode}`];
      return [path, { content: Buffer.from(content, 'latin1'), mode: Number.parseInt(mode, 8) }];
    }),
  );
}

/** What each stage gives: all are built in one go, each below a directory of its number. */
async function buildAll(
  cases: readonly Case[],
  tables: Readonly<Record<'build' | 'sys' | '.', RootfsTable>>,
): Promise<Tree[]> {
  await using directory = await temporaryDirectory();
  await writeContext(directory.path, tables['.']);
  const images: ImageId[] = [];
  try {
    const bases: string[] = [];
    for (const name of ['build', 'sys'] as const) {
      const reference = `kraft-slim-test/round-trip-${name}:${process.pid}`;
      images.push(await engine.importImage(tarOf(tables[name]), reference));
      bases.push(`FROM ${reference} AS ${name}`);
    }
    const text = `${bases.join('\n')}\n${joinedStages(cases)}`;
    const settings = { args: {}, secrets: [] };
    const options = { directory: directory.path, dockerfile: 'Dockerfile', text, settings };
    images.push(await buildImage(engine, { ...options, onWarning: () => undefined }));
    await using rootfs = await imageRootfs(engine, images.at(-1) as ImageId);
    return split(treeText(rootfs), cases.length);
  } finally {
    for (const image of images.reverse()) await engine.removeImage(image);
  }
}

/** A stage for each case, stages that join them, and one that joins these. */
function joinedStages(cases: readonly Case[]): string {
  const stages = cases.map(({ lines }, at) => `FROM scratch AS case-${at}\n${lines}\n`);
  const joins = Array.from({ length: Math.ceil(cases.length / JOINED) }, (_, join) => {
    const copies = cases.map((__, at) => `COPY --from=case-${at} / /${at}/\n`);
    return `FROM scratch AS join-${join}\n${copies.slice(join * JOINED, (join + 1) * JOINED).join('')}`;
  });
  const all = joins.map((_, join) => `COPY --from=join-${join} / /\n`);
  return [...stages, ...joins, `FROM scratch\n${all.join('')}`].join('');
}

function split(all: Tree, count: number): Tree[] {
  const trees: Record<string, string>[] = Array.from({ length: count }, () => ({}));
  for (const [path, line] of Object.entries(all)) {
    const [, at, below] = /^\/(\d+)(\/.*)$/s.exec(path) ?? [];
    const tree = trees[Number(at)];
    if (tree !== undefined && below !== undefined) tree[below] = line;
  }
  return trees;
}

async function writeContext(directory: string, table: RootfsTable): Promise<void> {
  const parents = Object.keys(table).flatMap((name) => ancestorsOf(imagePath(name)));
  // whatever the umask; a table's own entry for one comes later
  const modes = parents.map((path): [path: string, mode: number] => [join(directory, path), 0o755]);
  for (const [name, value] of Object.entries(table)) {
    const path = join(directory, name);
    await mkdir(dirname(path), { recursive: true });
    if (typeof value === 'object' && 'content' in value) {
      await writeFile(path, value.content);
      modes.push([path, value.mode ?? 0o644]);
    } else if (String(value).startsWith('symlink '))
      await symlink(String(value).slice('symlink '.length), path);
    else {
      await mkdir(path, { recursive: true });
      modes.push([path, Number.parseInt(String(value).split(' ')[1] ?? '755', 8)]);
    }
  }
  for (const [path, mode] of modes) await chmod(path, mode);
}
