import { beforeAll, describe, expect, test } from 'vitest';
import type { Closure } from '../../src/elf/closure.ts';
import { type LoaderFiles, loaderFiles } from '../../src/elf/loader-files.ts';
import { resolveClosure } from '../../src/elf/resolve-closure.ts';
import { connectEngine } from '../../src/engine/connect.ts';
import type { Rootfs } from '../../src/image/rootfs.ts';
import { parentOf } from '../../src/shared/image-path.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { askLoaders } from './loader-comparison/ask-loaders.ts';
import { differencesOf, loadedFiles } from './loader-comparison/differences.ts';
import { KNOWN_DIFFERENCES } from './loader-comparison/known-differences.ts';
import { readAnswer, type TraceLine, WORKING_DIRECTORY } from './loader-comparison/trace.ts';

/** Where the image's loaders look by default: glibc's, its i386 sibling's and musl's. */
const DEFAULT_DIRECTORIES: readonly string[] = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib',
  '/usr/lib/i386-linux-gnu',
  '/usr/lib32',
  '/usr/lib/x86_64-linux-musl',
];

type Comparison = Pick<TraceLine, 'file' | 'mode' | 'loader'> & {
  readonly differences: readonly string[];
  /** The loader has loaded a library from another directory than the default ones. */
  readonly outside: boolean;
  /** What our closure of it shows. */
  readonly shows: readonly string[];
};

function compare(rootfs: Rootfs, files: LoaderFiles, line: TraceLine): Comparison {
  const { file, mode, loader, env } = line;
  const answer = readAnswer(line);
  const closure = resolveClosure(rootfs, [file], {
    interpreter: loader,
    cwd: WORKING_DIRECTORY,
    files,
    useCache: mode !== 'no-cache',
    ...(env.LD_LIBRARY_PATH === undefined ? {} : { libraryPath: env.LD_LIBRARY_PATH }),
    ...(env.LD_PRELOAD === undefined ? {} : { preload: env.LD_PRELOAD }),
  });
  const libraries = [...loadedFiles(rootfs, answer).keys()].filter((path) => path !== file);
  return {
    file,
    mode,
    loader,
    differences: differencesOf(rootfs, answer, closure),
    outside: libraries.some((path) => !DEFAULT_DIRECTORIES.includes(parentOf(path))),
    shows: shownBy(closure),
  };
}

function shownBy({ libc, objects, variants, missing }: Closure): string[] {
  const lookups = objects.flatMap((object) => object.lookups);
  return [
    ...lookups.map(({ via }) => `${libc} ${via}`),
    ...lookups.map(({ request }) => `${libc} ${request}`),
    ...variants.map(() => `${libc} variant`),
    ...missing.map(({ refused }) => `${libc} ${refused === null ? 'missing' : 'refused'}`),
  ];
}

describe('what the real loaders load', () => {
  let comparisons: Comparison[];

  beforeAll(async () => {
    const engine = await connectEngine();
    await using directory = await temporaryDirectory();
    const { rootfs, lines } = await askLoaders(engine, directory.path);
    await using _ = rootfs;
    const files = loaderFiles(rootfs);
    comparisons = lines.map((line) => compare(rootfs, files, line));
  });

  const filesWhere = (meant: (one: Comparison) => boolean) => [
    ...new Set(comparisons.filter(meant).map(({ file }) => file)),
  ];
  const isReal = ({ file }: Comparison) => !file.startsWith('/cases/');

  test('is what we resolve, but for the files whose difference is known', () => {
    const differing = comparisons.filter(({ differences }) => differences.length > 0);
    const unknown = differing.filter(({ file }) => KNOWN_DIFFERENCES[file] === undefined);
    expect(
      unknown.map(({ file, mode, differences }) => `${file} (${mode}): ${differences.join('; ')}`),
    ).toEqual([]);
    expect(filesWhere(({ differences }) => differences.length > 0).sort()).toEqual(
      Object.keys(KNOWN_DIFFERENCES).sort(),
    );
    expect(Object.keys(KNOWN_DIFFERENCES).length).toBeLessThanOrEqual(5);
  });

  test.each([
    ['plain', 1000],
    ['no-cache', 1000],
    ['unikraft', 1000],
    ['started', 300],
    ['preload', 300],
    ['odd-path', 50],
  ] as const)('is known in mode %s for at least %i files', (mode, least) => {
    expect(filesWhere((one) => one.mode === mode).length).toBeGreaterThanOrEqual(least);
  });

  test('is known for at least 300 files of packages, 30 of which find libraries outside the default directories', () => {
    expect(filesWhere(isReal).length).toBeGreaterThanOrEqual(300);
    expect(
      filesWhere((one) => isReal(one) && one.mode === 'plain' && one.outside).length,
    ).toBeGreaterThanOrEqual(30);
  });

  test('is known for programs of musl', () => {
    expect(filesWhere(({ loader }) => loader.includes('musl')).length).toBeGreaterThanOrEqual(15);
  });

  test('shows every rule at work', () => {
    const rules =
      'rpath runpath library-path cache default slash preload needed filter auxiliary variant missing refused';
    const muslRules = 'rpath runpath library-path musl-path slash preload needed missing refused';
    const shown = new Set(comparisons.flatMap(({ shows }) => shows));
    expect(rules.split(' ').filter((rule) => !shown.has(`glibc ${rule}`))).toEqual([]);
    expect(muslRules.split(' ').filter((rule) => !shown.has(`musl ${rule}`))).toEqual([]);
  });
});
