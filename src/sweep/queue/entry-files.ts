import { lstat, readdir } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { loadConfig } from '../../config/load-config.ts';
import { readBuildContext } from '../../dockerfile/build-context.ts';
import { rootListOf } from '../../dockerfile/root-list.ts';
import { runtimeUnit } from '../../entry/runtime.ts';
import type { RootfsUnit } from '../../entry/unit.ts';
import { readUse, useFilesOf } from '../../entry/use-files.ts';
import { withoutSecretFiles } from '../../image/build-secrets.ts';
import { append } from '../../shared/append.ts';
import { isNotFound, UserError } from '../../shared/failure.ts';
import { comparePaths } from '../../shared/image-path.ts';
import { serviceUnits } from '../../slim/service-units.ts';
import type { FindDependents } from '../../slim/task.ts';

/**
 * The files of a catalog that the work on a unit needs, as paths from the catalog's root in byte order: those that its
 * build sees, its Kraftfiles with their READMEs and volumes, the settings above it; the same of its runtime, and of the
 * deltas over it. Files of build secrets stay: a worker has its own.
 * @throws UserError `config-invalid` where something lies outside of the catalog, or the catalog is the entry.
 */
export async function entryFiles(unit: RootfsUnit, dependentsOf: FindDependents): Promise<string[]> {
  const others = [
    ...(unit.class === 'runtime-delta' ? [(await runtimeUnit(unit)).runtime] : []),
    ...(unit.class === 'library' ? await dependentsOf(unit) : []),
    ...(await serviceUnits(unit)),
  ];
  const paths: string[] = [];
  for (const part of [unit, ...others]) append(paths, await filesOfUnit(part));
  const inside = paths.map((path) => slashed(relative(unit.catalogRoot, path)));
  const stray = inside.find((path) => path === '..' || path.startsWith('../'));
  if (stray !== undefined || unit.context === unit.catalogRoot) {
    const why =
      stray === undefined ? 'its build context is the whole catalog' : `${stray} is outside of the catalog`;
    throw new UserError('config-invalid', `cannot send ${unit.name} over a queue: ${why}`, {
      hint: 'sweep it without --queue',
    });
  }
  return [...new Set(inside)].sort(comparePaths);
}

async function filesOfUnit(unit: RootfsUnit): Promise<string[]> {
  const { directory, dockerfile, context, catalogRoot, kraftfiles } = unit;
  const file = join(directory, dockerfile);
  const found = await readBuildContext({ directory: context, dockerfile: file });
  const { build } = await loadConfig({
    entryDirectory: directory,
    catalogRoot,
    // only paths of secrets are read, so as to leave them out
    untrusted: false,
  });
  const entries = await withoutSecretFiles(found.entries, { directory: context, secrets: build.secrets });
  const directories = [...new Set([directory, ...kraftfiles.map(({ path }) => dirname(path))])];
  const beside = [
    file,
    `${file}.dockerignore`,
    join(context, '.dockerignore'),
    join(directory, rootListOf(dockerfile)),
    ...kraftfiles.map(({ path }) => path),
    ...directories.flatMap((place) => useFilesOf(place, catalogRoot)),
    ...directories.flatMap((part) => settingsAbove(part, catalogRoot)),
  ];
  const there: string[] = [];
  for (const path of beside) if (await isThere(path)) there.push(path);
  for (const { path, kraftfile } of kraftfiles) {
    const { readme, test, runConfig } = readUse(dirname(path), catalogRoot);
    const runs = [...readme, ...[test, runConfig].flatMap((found) => found ?? [])];
    const mounted = [
      ...kraftfile.volumes.map(({ source }) => source),
      ...runs.flatMap(({ run }) => run.volumes.map(({ host }) => host)),
    ];
    for (const source of mounted) append(there, await pathsBelow(resolve(dirname(path), source)));
  }
  return [...entries.map(({ hostPath }) => hostPath), ...there];
}

/** `kraft-slim.yaml` of a directory and of all above it up to the catalog's root. */
function settingsAbove(directory: string, catalogRoot: string): string[] {
  const settings = join(directory, 'kraft-slim.yaml');
  return directory === catalogRoot
    ? [settings]
    : [settings, ...settingsAbove(dirname(directory), catalogRoot)];
}

/** A path and all below it; nothing where it is not there. */
async function pathsBelow(path: string): Promise<string[]> {
  const stats = await lstat(path).catch(ifThere);
  if (stats === null) return [];
  if (!stats.isDirectory()) return [path];
  const below = await Promise.all((await readdir(path)).map((name) => pathsBelow(join(path, name))));
  return [path, ...below.flat()];
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(ifThere)) !== null;
}

function ifThere(error: unknown): null {
  if (isNotFound(error)) return null;
  throw error;
}

function slashed(path: string): string {
  return path.split(sep).join('/');
}
