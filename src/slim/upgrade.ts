import { basename, dirname, join } from 'node:path';
import type { RootfsUnit } from '../entry/unit.ts';
import { upgradeKraftfile } from '../render/upgrade-kraftfile.ts';
import type { FileChange } from './write.ts';

/** Names of a Kraftfile that the catalog does not use any more. */
const OLD_NAMES = new Set(['kraft.yaml', 'kraft.yml']);
const NAME = 'Kraftfile';

/**
 * Changes with those by which each old `kraft.yaml` of a unit becomes a `Kraftfile` in today's form. What is changed in
 * the old file otherwise is in the new one.
 */
export function withUpgrades(
  { kraftfiles }: Pick<RootfsUnit, 'kraftfiles'>,
  changes: readonly FileChange[],
): readonly FileChange[] {
  const old = kraftfiles.filter(({ name }) => OLD_NAMES.has(basename(name)));
  const upgrades = old.flatMap(({ name, kraftfile: { file, text } }): FileChange[] => {
    const changed = changes.find((change) => change.name === name)?.after ?? text;
    const upgraded = upgradeKraftfile({ file, text: changed });
    return [
      { name: join(dirname(name), NAME), before: null, after: upgraded, replaces: name },
      { name, before: text, after: null },
    ];
  });
  const names = new Set(old.map(({ name }) => name));
  return [...upgrades, ...changes.filter(({ name }) => !names.has(name))];
}
