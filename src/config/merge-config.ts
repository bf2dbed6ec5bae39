import { matches } from '../shared/glob.ts';
import type { ConfigFile, PartialConfig } from './config-schema.ts';

/**
 * The settings that hold for an entry, before defaults. Files come farthest first, the catalog's root before the
 * entry's own directory; the nearest wins, key by key: maps are joined, all else (lists too) is replaced. Within a
 * file its `entries` go before its own keys, and of those that match the last.
 * @param names the entry's path from the catalog's root, and, where it is about one Kraftfile, that one's: a section
 * holds where it matches any.
 */
export function mergeConfig(files: readonly ConfigFile[], names: readonly string[]): PartialConfig {
  const layers = files.flatMap(({ entries = {}, ...settings }) => {
    const sections = Object.entries(entries).filter(([glob]) => names.some((name) => matches(glob, name)));
    return [settings, ...sections.map(([, section]) => section)];
  });
  return layers.reduce<PartialConfig>((merged, layer) => joinMaps(merged, layer), {});
}

function joinMaps<Data extends object>(under: Data, over: Data): Data {
  const joined = new Map<string, unknown>(Object.entries(under));
  for (const [key, value] of Object.entries(over)) {
    const below = joined.get(key);
    joined.set(key, isMap(below) && isMap(value) ? joinMaps(below, value) : value);
  }
  return Object.fromEntries(joined) as Data;
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
