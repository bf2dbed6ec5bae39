import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectEngine } from '../../src/engine/connect.ts';
import type { Engine, ImageId } from '../../src/engine/engine.ts';
import { buildImage } from '../../src/image/build.ts';
import type { Rootfs } from '../../src/image/rootfs.ts';
import { docker, labelWords } from '../support/docker.ts';
import { imageRootfs } from '../support/image-rootfs.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { type Builder, ROWS, type Row } from './copy-table/rows.ts';
import { attributesStages, CAPABILITY, NOTE, sourceImage } from './copy-table/source.ts';
import { type Tree, textOf, treeBelow } from './copy-table/tree.ts';

let engine: Engine;
let source: Awaited<ReturnType<typeof sourceImage>>;
let wholeRoot: Tree;
beforeAll(async () => {
  engine = await connectEngine();
  source = await sourceImage();
  await using rootfs = await imageRootfs(engine, source.name);
  wholeRoot = treeBelow(rootfs, '/s/root');
});
afterAll(() => source?.[Symbol.asyncDispose]());

const REPORT = '/out/attributes';

describe.each(['classic', 'BuildKit'] as const)('COPY --from, by the %s builder:', (kind) => {
  let builder: Builder;
  let rootfs: Rootfs;
  const asked = (row: Row) => row.arrives(builder) !== null;
  beforeAll(async () => {
    builder = { kind, old: Number.parseInt(engine.version, 10) < 23 };
    rootfs = await build(kind, [
      ...attributesStages(source.name),
      'FROM scratch',
      ...ROWS.flatMap((row, at) => (asked(row) ? copiesOf(row, `/out/${at}`) : [])),
      `COPY --from=attributes /report ${REPORT}`,
    ]);
  });
  afterAll(() => rootfs?.[Symbol.asyncDispose]());

  test.each(rowsOf(kind))('$claim', ({ row, at }) => {
    expect(treeBelow(rootfs, `/out/${at}`)).toEqual(row.arrives(builder));
  });

  test('capabilities of a file are kept below a directory', () => {
    const { before, named, below } = attributes('capable');
    expect(before).toBe(CAPABILITY);
    expect({ named, below }).toEqual({ named: kind === 'classic' ? 'none' : CAPABILITY, below: CAPABILITY });
  });

  // an image has none: with the classic builder they are lost before the COPY, with the layer of the RUN
  test('user attributes are as they were before the COPY', () => {
    const { before, named, below } = attributes('noted');
    expect(before).toBe(kind === 'classic' ? 'none' : NOTE);
    expect({ named, below }).toEqual({ named: before, below: before });
  });

  /** The attribute of a file, before it is copied and after. */
  function attributes(file: 'capable' | 'noted') {
    const at = file === 'capable' ? 0 : 1;
    const [before, named, below] = textOf(rootfs, REPORT)
      .split('\n')
      .filter((_, line) => line % 2 === at);
    return { before, named, below };
  }

  test.each(faultsOf(kind))('$claim breaks the build', async ({ source: path, says }) => {
    const failed = build(kind, ['FROM scratch', `COPY --from=${source.name} ${path} /out/`]);
    await expect(failed).rejects.toThrow(says);
  });

  test('a root that is copied as a whole arrives exactly', async () => {
    await using copy = await build(kind, ['FROM scratch', `COPY --from=${source.name} /s/root/ /`]);
    expect(Object.keys(wholeRoot).length).toBeGreaterThan(30);
    expect(withoutMounts(treeBelow(copy, ''))).toEqual(wholeRoot);
  });
});

/** Sources with which a COPY fails. */
function faultsOf(kind: Builder['kind']) {
  return [
    { claim: 'a dangling link that is named', source: '/s/links/dangling', says: /links\/dangling/ },
    ...(kind === 'BuildKit'
      ? [{ claim: 'a bracket that is not closed', source: '/s/bracket/a[b', says: /syntax error in pattern/ }]
      : [
          { claim: 'a bracket that is not closed', source: '/s/bracket/a[b', says: /no source files/ },
          { claim: 'a bracket that is not escaped', source: '/s/bracket/a[b]', says: /no source files/ },
        ]),
  ];
}

/** Without what the engine makes in every container to mount its own there. */
function withoutMounts(tree: Tree): Tree {
  const mounts = /^\/(dev|etc|proc|sys)(\/|$)/;
  return Object.fromEntries(Object.entries(tree).filter(([path]) => !mounts.test(path)));
}

/** The rows that a builder can be asked, whatever the engine's age. */
function rowsOf(kind: Builder['kind']) {
  return ROWS.map((row, at) => ({ row, at, claim: row.claim })).filter(
    ({ row }) => row.arrives({ kind, old: true }) !== null,
  );
}

function copiesOf({ copies }: Row, directory: string): string[] {
  return copies.map((words) => `COPY --from=${source.name} ${words.replaceAll('OUT', directory)}`);
}

/** What a Dockerfile makes. */
async function build(kind: Builder['kind'], lines: readonly string[]): Promise<Rootfs> {
  await using directory = await temporaryDirectory();
  const text = `${lines.join('\n')}\n`;
  const image =
    kind === 'classic' ? await buildClassic(directory.path, text) : await buildByKit(directory.path, text);
  try {
    return await imageRootfs(engine, image);
  } finally {
    await docker(['image', 'rm', '--force', image]);
  }
}

async function buildByKit(directory: string, text: string): Promise<ImageId> {
  return await buildImage(engine, {
    directory,
    dockerfile: 'Dockerfile',
    text,
    settings: { args: {}, secrets: [] },
    onWarning: () => undefined,
  });
}

/** By Debian's client, since the tool itself builds with BuildKit alone. */
async function buildClassic(directory: string, text: string): Promise<ImageId> {
  await writeFile(join(directory, 'Dockerfile'), text);
  const words = ['build', '--quiet', '--force-rm', ...labelWords(), directory];
  return (await docker(words, { DOCKER_BUILDKIT: '0' })) as ImageId;
}
