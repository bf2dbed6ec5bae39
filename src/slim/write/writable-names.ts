import { basename, dirname, join } from 'node:path';
import { README } from '../../catalog/entry-files.ts';
import { rootListOf } from '../../dockerfile/root-list.ts';
import type { RootfsUnit } from '../../entry/unit.ts';
import { ignoreFilesOf } from '../unit-texts.ts';
import { isOldName, UPGRADED_NAME } from './upgrade.ts';

/** What the tool may do with a file of a unit. */
export type Writable = { readonly make: boolean; readonly change: boolean; readonly remove: boolean };

const CHANGED: Writable = { make: false, change: true, remove: false };

/**
 * Every file that slimming a unit can write, by its name relative to the unit. No other name is a result's, whatever a
 * result says: its Dockerfile, root list, ignore files, Kraftfiles and README; with `upgrade` also the `Kraftfile` that
 * takes the place of an old one.
 */
export function writableNames(
  unit: Pick<RootfsUnit, 'directory' | 'dockerfile' | 'context' | 'catalogRoot' | 'kraftfiles' | 'isBare'>,
  { upgrade }: { readonly upgrade: boolean },
): ReadonlyMap<string, Writable> {
  const kraftfiles = unit.kraftfiles.map(({ name }) => name);
  const old = upgrade ? kraftfiles.filter((name) => isOldName(basename(name))) : [];
  return new Map<string, Writable>([
    ...[unit.dockerfile, README, ...ignoreFilesOf(unit)].map((name): [string, Writable] => [name, CHANGED]),
    ...kraftfiles.map((name): [string, Writable] => [name, { ...CHANGED, make: unit.isBare === true }]),
    [rootListOf(unit.dockerfile), { make: true, change: true, remove: true }],
    ...old.flatMap((name): [string, Writable][] => [
      [join(dirname(name), UPGRADED_NAME), { make: true, change: false, remove: false }],
      [name, { make: false, change: true, remove: true }],
    ]),
  ]);
}
