import { expect } from 'vitest';
import { isDeadWeight } from '../../src/analysis/promise/dead-weight.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import type { Catalog } from './catalog.ts';
import { type FullImage, fullImage } from './full-image.ts';
import { runEntry } from './run-entry.ts';

/** How the modules of an interpreter are listed and loaded, by programs that its own image runs. */
export type ModuleLoader = {
  readonly entry: string;
  /** Prints the name and the file of every module, one a line; a module without a file has `-`. */
  readonly list: readonly string[];
  /** Prints the names of modules, of its arguments, that it can load. */
  readonly load: readonly string[];
  /** Modules that make the process that loads them do something else. */
  readonly except: RegExp;
};

/** So many names fit into one command line. */
const MAX_NAMES = 1000;

const linesOf = (text: string) => text.split('\n').filter((line) => line !== '');

/** The root file systems that are compared: a catalog of originals, and one in which the entry is slimmed by then. */
export type ComparedCatalogs = {
  readonly originals: Catalog;
  readonly slimmed: () => Promise<Catalog>;
  /** Some of the names that are compared, where all take too long. */
  readonly draw?: (names: readonly string[]) => readonly string[];
};

/**
 * The modules that load in an entry's full root file system, dead weight aside, and those of them that do not load in
 * the result.
 */
export async function comparedModules(
  { originals, slimmed, draw = (names) => names }: ComparedCatalogs,
  loader: ModuleLoader,
): Promise<{ readonly before: readonly string[]; readonly lost: readonly string[] }> {
  const { entry, list, except } = loader;
  await using full = await fullImage(originals, entry);
  const modules = linesOf(await full.run(list)).map((line) => line.split(' ') as [string, string]);
  const names = modules
    .filter(([name, path]) => !except.test(name) && (path === '-' || !isDeadWeight(imagePath(path))))
    .map(([name]) => name);
  const before = await loaded(full, loader, draw([...new Set(names)]));
  await using slim = await fullImage(await slimmed(), entry);
  const after = new Set(await loaded(slim, loader, before));
  return { before, lost: before.filter((name) => !after.has(name)) };
}

/** Slims an entry in its catalog. */
export async function slimmedIn(catalog: Catalog, entry: string): Promise<Catalog> {
  expect(await runEntry(catalog, entry)).toMatchObject({ code: null, status: 'slimmed', verified: true });
  return catalog;
}

async function loaded(image: FullImage, { load }: ModuleLoader, names: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (let at = 0; at < names.length; at += MAX_NAMES) {
    found.push(...linesOf(await image.run([...load, ...names.slice(at, at + MAX_NAMES)])));
  }
  const known = new Set(names);
  return found.filter((name) => known.has(name));
}
