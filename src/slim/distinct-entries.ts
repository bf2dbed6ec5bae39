import { join, resolve } from 'node:path';
import { readUnit } from '../entry/read-unit.ts';

/**
 * Paths of entries, each rootfs unit once: a directory, its Kraftfiles and its other directories are one unit. What
 * cannot be read stays, so that its failure is reported.
 */
export async function distinctEntries(paths: readonly string[]): Promise<string[]> {
  const units = new Map<string, string>();
  for (const path of paths) {
    const key = await keyOf(path);
    if (!units.has(key)) units.set(key, path);
  }
  return [...units.values()];
}

async function keyOf(path: string): Promise<string> {
  try {
    const unit = await readUnit(path);
    return 'dockerfile' in unit
      ? `${join(unit.directory, unit.dockerfile)} ${unit.context}`
      : (unit.kraftfiles[0]?.path ?? unit.directory);
  } catch {
    return resolve(path);
  }
}
