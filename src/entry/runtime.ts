import { join } from 'node:path';
import { readKraftfileText } from '../kraftfile/find-kraftfile.ts';
import { UserError } from '../shared/failure.ts';
import { comparePaths } from '../shared/image-path.ts';
import { statPath } from '../store/read.ts';
import { libraryEntryOf } from './library-entry.ts';
import { unitsOf } from './list-units.ts';
import { readUnit } from './read-unit.ts';
import type { RootfsUnit, UnitKraftfile } from './unit.ts';

/**
 * The library entry of the catalog whose image a runtime delta names; see `libraryEntryOf`. The published image may
 * come from an older state of it, which the catalog does not show.
 * @throws UserError `rootfs-missing` where the catalog has no such entry.
 */
export async function runtimeUnit(unit: RootfsUnit): Promise<{ runtime: RootfsUnit; reference: string }> {
  const { name, kraftfile } = unit.kraftfiles[0];
  const { runtime } = kraftfile;
  if (runtime === null) throw new Error(`cannot look up the runtime of ${name}: it names none`);
  const { reference } = runtime;
  const entry = libraryEntryOf(runtime, unit.catalogRoot);
  const directory = entry === null ? null : join(unit.catalogRoot, entry);
  const found = directory === null || statPath(directory) === null ? undefined : await readUnit(directory);
  if (found !== undefined && 'dockerfile' in found) return { runtime: found, reference };
  const absent = entry === null ? 'its name is no directory of a catalog' : `the catalog has no ${entry}`;
  const why = found === undefined ? absent : `${found.name} has no Dockerfile`;
  throw new UserError('rootfs-missing', `cannot lay the entry over ${reference}: ${why}`, {
    hint: `copy ${entry ?? 'the library entry'} of the catalog that publishes ${reference} into this catalog, or name a runtime that it has: the files of a runtime are known by its entry alone`,
  });
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
    if (runtime !== null && libraryEntryOf(runtime, library.catalogRoot) === library.name) units.push(unit);
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
 * Kraftfile has none.
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
