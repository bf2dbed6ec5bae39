import type { ImageConfig } from '../engine/engine.ts';
import type { RootfsUnit } from '../entry/unit.ts';
import { spliceKraftfile } from '../kraftfile/splice-kraftfile.ts';
import type { FileChange } from './write.ts';

/**
 * The changes of Kraftfiles that name no command: what the image would run is written into them, since an image
 * from scratch has none and a runtime's own command would win. What a README runs in its stead is not written.
 */
export function commandChanges(
  unit: Pick<RootfsUnit, 'kraftfiles'>,
  { entrypoint, cmd }: Pick<ImageConfig, 'entrypoint' | 'cmd'>,
): FileChange[] {
  const command = [...entrypoint, ...cmd];
  return unit.kraftfiles.flatMap(({ name, kraftfile }) => {
    if (command.length === 0 || (kraftfile.cmd?.argv.length ?? 0) > 0) return [];
    const { file, text } = kraftfile;
    return [{ name, before: text, after: spliceKraftfile({ file, text }, { cmd: command }) }];
  });
}
