import type { YamlEntry, YamlMap } from '../shared/yaml-node.ts';

/** A kernel option in a Kraftfile, with the map that it stands in. */
export type KconfigName = { readonly entry: YamlEntry; readonly map: YamlMap };

/**
 * The options of a Kraftfile's kernel and of its libraries. None where the kernel is pinned to a version, since its
 * options are then of that version.
 */
export function kconfigNames(root: YamlMap): KconfigName[] {
  const unikraft = root.entries.get('unikraft')?.node;
  const version = unikraft?.kind === 'map' ? unikraft.entries.get('version')?.node : unikraft;
  if (version?.kind === 'scalar' && /^v?\d/.test(String(version.value))) return [];
  const libraries = root.entries.get('libraries')?.node;
  const parts = libraries?.kind === 'map' ? [...libraries.entries.values()].map(({ node }) => node) : [];
  return [unikraft, ...parts].flatMap((part) => {
    const kconfig = part?.kind === 'map' ? part.entries.get('kconfig')?.node : undefined;
    if (kconfig?.kind !== 'map') return [];
    return [...kconfig.entries.values()].flatMap((entry) => (entry.merged ? [] : [{ entry, map: kconfig }]));
  });
}
