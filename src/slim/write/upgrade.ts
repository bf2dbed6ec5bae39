import { basename, dirname, join } from 'node:path';
import type { RootfsUnit } from '../../entry/unit.ts';
import { upgradeKraftfile } from '../../render/upgrade-kraftfile.ts';
import type { FileChange } from '../file-change.ts';

/** Names of a Kraftfile that the catalog does not use any more. */
const OLD_NAMES = new Set(['kraft.yaml', 'kraft.yml']);
/** The name of the file that takes the place of an old one. */
export const UPGRADED_NAME = 'Kraftfile';

/** Whether the catalog does not use the name of a Kraftfile any more. */
export function isOldName(name: string): boolean {
  return OLD_NAMES.has(name);
}

/**
 * Changes with those by which each old `kraft.yaml` of a unit becomes a `Kraftfile` in today's form. What is changed in
 * the old file otherwise is in the new one.
 */
export function withUpgrades(
  { kraftfiles }: Pick<RootfsUnit, 'kraftfiles'>,
  changes: readonly FileChange[],
): readonly FileChange[] {
  const old = kraftfiles.filter(({ name }) => isOldName(basename(name)));
  const upgrades = old.flatMap(({ name, kraftfile: { file, text } }): FileChange[] => {
    const changed = changes.find((change) => change.name === name)?.after ?? text;
    const upgraded = upgradeKraftfile({ file, text: changed });
    return [
      { name: join(dirname(name), UPGRADED_NAME), before: null, after: upgraded, replaces: name },
      { name, before: text, after: null },
    ];
  });
  const names = new Set(old.map(({ name }) => name));
  return [...upgrades, ...changes.filter(({ name }) => !names.has(name))];
}
