import type { Launch } from '../entry/launch.ts';
import type { RootfsUnit } from '../entry/unit.ts';
import { spliceKraftfile } from '../kraftfile/splice-kraftfile.ts';
import type { FileChange } from './write.ts';

/**
 * The change of a Kraftfile that names no command: what the image would run is written into it, since an image
 * from scratch has none and a runtime's own command would win. None where it has one.
 */
export function commandChange(unit: RootfsUnit, launch: Launch): FileChange[] {
  const found = unit.kraftfiles.find(({ name }) => name === launch.kraftfile);
  if (found === undefined || (found.kraftfile.cmd?.argv.length ?? 0) > 0) return [];
  const { file, text } = found.kraftfile;
  return [{ name: found.name, before: text, after: spliceKraftfile({ file, text }, { cmd: launch.argv }) }];
}
