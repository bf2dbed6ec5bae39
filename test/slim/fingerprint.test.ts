import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeMarker } from '../../src/dockerfile/marker.ts';
import { readUnit } from '../../src/entry/read-unit.ts';
import { dependentsOf } from '../../src/entry/runtime.ts';
import type { RootfsUnit } from '../../src/entry/unit.ts';
import { fingerprintOf, rememberingImages } from '../../src/slim/state/fingerprint.ts';
import { differOnlyIn, digestOf, inputsOf } from '../../src/slim/state/inputs.ts';
import { type Catalog, catalogOf, type Files } from '../support/catalog.ts';
import { APP, smallEntry } from '../support/small-entry.ts';

const KRAFTFILE = 'spec: v0.6\n\nrootfs: ./Dockerfile\n\ncmd: ["/a"]\n';
const NODE = {
  'library/node/18/Kraftfile': `${KRAFTFILE}\ntemplate:\n  source: x\n  version: y\n`,
  'library/node/18/Dockerfile': 'FROM debian:bookworm\n',
};
const DELTA = {
  'examples/express/Kraftfile': `${KRAFTFILE}\nruntime: node:18\n`,
  'examples/express/Dockerfile': 'FROM debian:bookworm\nRUN touch /app\n',
};
const FILES: Files = {
  ...smallEntry({ readme: 'kraft run -v ./data:/data .\n```\n\n```\nHello' }),
  ...NODE,
  ...DELTA,
  [`${APP}/.dockerignore`]: 'ignored\ndata\nREADME.md\n',
  [`${APP}/src/main.c`]: 'int main;\n',
  [`${APP}/ignored/file`]: '1',
  [`${APP}/data/file`]: '1',
  'kraft-slim.yaml': `entries:\n  library/*/*:\n    keep: [/x]\n`,
};

async function unitAt(catalog: Catalog, name: string): Promise<RootfsUnit> {
  return (await readUnit(join(catalog.path, name))) as RootfsUnit;
}

async function digestAt(catalog: Catalog, name: string): Promise<string> {
  return digestOf(await inputsOf(await unitAt(catalog, name), dependentsOf));
}

/** A Dockerfile with a stage as the tool writes it, which also names the stage that it copies from. */
function slimmed(text: string): string {
  const above = text.replace(/^FROM \S+$/m, '$& AS build');
  const stage = 'FROM scratch\nCOPY --from=build /a /a\n';
  return (
    above +
    writeMarker(above, stage, { before: 'build', minimal: 'none', promise: 'app', list: null }) +
    stage
  );
}

describe('the inputs of an entry are others after', () => {
  test.each<[string, string, Files]>([
    ['a change of its Dockerfile', APP, { [`${APP}/Dockerfile`]: 'FROM debian:bookworm\n' }],
    ['a change of a comment in it', APP, { [`${APP}/Dockerfile`]: (text) => `# a\n${text}` }],
    ['a change of its Kraftfile', APP, { [`${APP}/Kraftfile`]: (text) => `${text}\nname: app\n` }],
    ['a change of a file of its context', APP, { [`${APP}/src/main.c`]: 'int other;\n' }],
    ['a new file of its context', APP, { [`${APP}/src/new`]: '' }],
    ['a file that goes', APP, { [`${APP}/src/main.c`]: null }],
    ['another rule of its ignore file', APP, { [`${APP}/.dockerignore`]: 'data\nREADME.md\n' }],
    [
      'another text that its README expects',
      APP,
      { [`${APP}/README.md`]: (text) => text.replace('Hello', 'Bye') },
    ],
    ['a change of what it mounts, hidden from the build or not', APP, { [`${APP}/data/file`]: '2' }],
    ['settings of the entry', APP, { [`${APP}/kraft-slim.yaml`]: 'drop: [/a]\n' }],
    ['settings above it', APP, { 'kraft-slim.yaml': 'assume: [locales]\n' }],
    [
      'a change of its runtime',
      'examples/express',
      { 'library/node/18/Dockerfile': (text) => `${text}RUN a\n` },
    ],
    ['the slimming of its runtime', 'examples/express', { 'library/node/18/Dockerfile': slimmed }],
    ['settings of its runtime', 'examples/express', { 'kraft-slim.yaml': 'assume: [locales]\n' }],
    [
      'a change of a delta over it',
      'library/node/18',
      { 'examples/express/Dockerfile': (text) => `${text}RUN a\n` },
    ],
    [
      'a new delta over it',
      'library/node/18',
      { 'tests/a/Kraftfile': DELTA['examples/express/Kraftfile'], 'tests/a/Dockerfile': 'FROM a\n' },
    ],
  ])('%s (%s)', async (_, name, change) => {
    await using catalog = await catalogOf(FILES);
    const before = await digestAt(catalog, name);
    expect(await digestAt(catalog, name)).toBe(before);
    await catalog.write(change);
    expect(await digestAt(catalog, name)).not.toBe(before);
  });
});

describe('the inputs of an entry stay after', () => {
  test.each<[string, string, Files]>([
    ['a change of what the ignore file hides', APP, { [`${APP}/ignored/file`]: '2' }],
    [
      'a change of words of a README that no build sees',
      APP,
      { [`${APP}/README.md`]: (text) => `A word.\n${text}` },
    ],
    ['a change of another entry', APP, { 'library/node/18/Dockerfile': 'FROM a\n' }],
    ['settings of others', APP, { 'kraft-slim.yaml': 'entries:\n  library/**:\n    drop: [/y]\n' }],
    [
      'state of the tool, and originals that it saved',
      APP,
      { '.kraft-slim/x': '1', [`${APP}/Dockerfile.orig`]: 'a' },
    ],
    ['the slimming of a delta over it', 'library/node/18', { 'examples/express/Dockerfile': slimmed }],
  ])('%s (%s)', async (_, name, change) => {
    await using catalog = await catalogOf(FILES);
    const before = await digestAt(catalog, name);
    await catalog.write(change);
    expect(await digestAt(catalog, name)).toBe(before);
  });

  test('a copy to another place', async () => {
    await using one = await catalogOf(FILES);
    await using other = await catalogOf(FILES);
    expect(await digestAt(one, APP)).toBe(await digestAt(other, APP));
  });
});

test('inputs differ only in what the tool writes, or in more', async () => {
  await using catalog = await catalogOf(FILES);
  const unit = await unitAt(catalog, APP);
  const before = await inputsOf(unit, dependentsOf);
  await catalog.write({ [`${APP}/Dockerfile`]: slimmed });
  const after = await inputsOf(unit, dependentsOf);
  expect(differOnlyIn(unit, [before, after], ['Dockerfile'])).toBe(true);
  expect(differOnlyIn(unit, [before, after], ['rootfs.list'])).toBe(false);
  await catalog.write({ [`${APP}/src/main.c`]: 'edited meanwhile' });
  expect(differOnlyIn(unit, [before, await inputsOf(unit, dependentsOf)], ['Dockerfile'])).toBe(false);
});

describe('a fingerprint', () => {
  const print = async (
    catalog: Catalog,
    {
      name = APP,
      options = {},
      images = {},
    }: { name?: string; options?: object; images?: Record<string, string> },
  ) => {
    const unit = await unitAt(catalog, name);
    const known: Record<string, string> = { 'debian:bookworm': 'sha256:1', ...images };
    const inputs = await inputsOf(unit, dependentsOf);
    return await fingerprintOf(unit, { inputs, options, resolve: async (reference) => known[reference] });
  };

  test('is another with other options, and with another base image', async () => {
    await using catalog = await catalogOf(FILES);
    const one = await print(catalog, {});
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(await print(catalog, { options: { minimal: true } })).not.toBe(one);
    expect(await print(catalog, { images: { 'debian:bookworm': 'sha256:2' } })).not.toBe(one);
    expect(await print(catalog, { images: { 'debian:trixie': 'sha256:2' } })).toBe(one);
  });

  test('knows the images that are copied from, mounted, lent to clients, and the base of a runtime', async () => {
    await using catalog = await catalogOf(FILES);
    const lines = [
      'ARG BASE=debian:bookworm',
      'FROM $BASE',
      'COPY --from=tools:1 /a /a',
      'RUN --mount=from=cache:1,target=/x true',
    ];
    await catalog.write({
      [`${APP}/Dockerfile`]: `${lines.join('\n')}\n`,
      [`${APP}/kraft-slim.yaml`]:
        'workload:\n  probes:\n    - {kind: client, command: [a], image: "client:1"}\n',
      'library/node/18/Dockerfile': 'FROM node:18\n',
    });
    const images = { 'tools:1': '1', 'cache:1': '1', 'client:1': '1', 'node:18': '1' };
    const one = await print(catalog, { images });
    for (const name of ['tools:1', 'cache:1', 'client:1']) {
      expect(await print(catalog, { images: { ...images, [name]: '2' } })).not.toBe(one);
    }
    const delta = await print(catalog, { name: 'examples/express', images });
    expect(
      await print(catalog, { name: 'examples/express', images: { ...images, 'node:18': '2' } }),
    ).not.toBe(delta);
  });

  test('there is none where an image cannot be resolved', async () => {
    await using catalog = await catalogOf({ ...FILES, [`${APP}/Dockerfile`]: 'FROM nowhere:1\n' });
    expect(await print(catalog, {})).toBeNull();
  });

  test('each image is asked for once', async () => {
    const asked: string[] = [];
    const resolve = rememberingImages(async (reference) => {
      asked.push(reference);
      return reference;
    });
    expect(await Promise.all([resolve('a'), resolve('b'), resolve('a')])).toEqual(['a', 'b', 'a']);
    expect(asked).toEqual(['a', 'b']);
  });
});
