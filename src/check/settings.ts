import type { ConfigFile, PartialConfig } from '../config/config-schema.ts';
import { mergeConfig } from '../config/merge-config.ts';
import { type Files, sourceOf } from './files.ts';

/** The name of a settings file, in any directory from the catalog's root down to an entry. */
export const SETTINGS_FILE = 'kraft-slim.yaml';

/**
 * The settings that hold for a directory, without defaults; a file with mistakes counts as absent, since it has
 * separate findings.
 * @param name relative to the catalog's root, with slashes; `.` for the root
 */
export async function settingsOf(files: Files, name: string): Promise<PartialConfig> {
  const parts = name === '.' ? [] : name.split('/');
  const found: ConfigFile[] = [];
  for (let depth = 0; depth <= parts.length; depth += 1) {
    const source = await sourceOf(files, [...parts.slice(0, depth), SETTINGS_FILE].join('/'));
    if (source === null) continue;
    // the schema takes long to load, and few entries have settings
    const { parseConfig } = await import('../config/load-config.ts');
    const { config, diagnostics } = parseConfig(source);
    if (diagnostics.length === 0) found.push(config);
  }
  return mergeConfig(found, [name]);
}
