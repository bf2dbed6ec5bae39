import { join } from 'node:path';
import { readKraftfileText } from '../kraftfile/find-kraftfile.ts';
import type { Runtime } from '../kraftfile/kraftfile.ts';
import { UserError } from '../shared/failure.ts';
import { comparePaths } from '../shared/image-path.ts';
import { listOrNone, statPath } from '../store/read.ts';
import { unitsOf } from './list-units.ts';
import { readUnit } from './read-unit.ts';
import type { RootfsUnit, UnitKraftfile } from './unit.ts';

/** Where a catalog has the entries whose images others name as their runtime: `library/NAME/VERSION`. */
const LIBRARY = 'library';

/** A name or a tag that is one directory. */
const PLAIN = /^(?:[\w-][\w.-]*)?$/;

/**
 * The library entry of the catalog whose image a runtime delta names: `node:18` is `library/node/18`. The published
 * image may have been built from an older state of it, which nobody can see from here.
 * @throws UserError `rootfs-missing` where the catalog has no such entry.
 */
export async function runtimeUnit(unit: RootfsUnit): Promise<{ runtime: RootfsUnit; reference: string }> {
  const { name, kraftfile } = unit.kraftfiles[0];
  const { runtime } = kraftfile;
  if (runtime === null) throw new Error(`cannot look up the runtime of ${name}: it names none`);
  const entry = entryOf(runtime, unit.catalogRoot);
  const directory = join(unit.catalogRoot, entry);
  // a name such as `..` would lead out of the catalog
  const isEntry = [runtime.name, runtime.version ?? ''].every((part) => PLAIN.test(part));
  const found = isEntry && statPath(directory) !== null ? await readUnit(directory) : undefined;
  if (found !== undefined && 'dockerfile' in found) return { runtime: found, reference: runtime.reference };
  const why = found === undefined ? `the catalog has no ${entry}` : `${found.name} has no Dockerfile`;
  throw new UserError('rootfs-missing', `cannot lay the entry over ${runtime.reference}: ${why}`, {
    hint: `add ${entry} to the catalog, or name a runtime that it has`,
  });
}

/**
 * The library entry of a runtime, relative to the catalog's root; of `latest`, or of no version, the newest that the
 * catalog has.
 */
export function entryOf({ name, version }: Runtime, catalogRoot: string): string {
  const named = `${LIBRARY}/${name}/${version ?? LATEST}`;
  if ((version ?? LATEST) !== LATEST || !PLAIN.test(name)) return named;
  if (statPath(join(catalogRoot, named)) !== null) return named;
  const directory = join(catalogRoot, LIBRARY, name);
  const versions = listOrNone(directory, catalogRoot).flatMap((entry) =>
    entry.isDirectory() ? [entry.name] : [],
  );
  const [newest] = versions.filter((found) => /^\d/.test(found)).sort((a, b) => compareVersions(b, a));
  return newest === undefined ? named : `${LIBRARY}/${name}/${newest}`;
}

const LATEST = 'latest';

function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

/**
 * The entries of a catalog that name a library entry as their runtime, in byte order of their names. What cannot be
 * read is no one's dependent.
 */
export async function dependentsOf(library: RootfsUnit): Promise<RootfsUnit[]> {
  const units: RootfsUnit[] = [];
  for await (const { unit } of unitsOf(library.catalogRoot, (path) => mentions(path, library))) {
    if (unit === null || !('dockerfile' in unit) || unit.class !== 'runtime-delta') continue;
    const { runtime } = unit.kraftfiles[0].kraftfile;
    if (runtime !== null && entryOf(runtime, library.catalogRoot) === library.name) units.push(unit);
  }
  return units.sort((a, b) => comparePaths(a.name, b.name));
}

/** Whether a Kraftfile can name a library entry at all: reading all units of a catalog would take its time. */
async function mentions(path: string, library: RootfsUnit): Promise<boolean> {
  const [, name = ''] = library.name.split('/');
  const text = await readKraftfileText(path, library.catalogRoot).catch(() => '');
  return text.includes('runtime') && text.includes(name);
}

/**
 * A Kraftfile as its runtime completes it: the runtime's kernel sets the environment, and its command stands where the
 * Kraftfile has none of its own.
 */
export function overRuntime(unit: UnitKraftfile, runtime: RootfsUnit): UnitKraftfile {
  const { kraftfile } = unit;
  const below = runtime.kraftfiles[0].kraftfile;
  const hasCommand = (kraftfile.cmd?.argv.length ?? 0) > 0;
  return {
    ...unit,
    kraftfile: {
      ...kraftfile,
      cmd: hasCommand ? kraftfile.cmd : below.cmd,
      kconfig: new Map([...below.kconfig, ...kraftfile.kconfig]),
    },
  };
}
