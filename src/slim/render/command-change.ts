import type { ImageConfig } from '../../engine/engine.ts';
import type { RootfsUnit } from '../../entry/unit.ts';
import { spliceKraftfile } from '../../kraftfile/splice-kraftfile.ts';
import type { FileChange } from '../file-change.ts';

/**
 * The changes of Kraftfiles that name no command: what the image would run is written into them, since an image
 * from scratch has none and a runtime's own command would win. What a README runs in its stead is not written. An entry
 * with a Dockerfile alone gets the Kraftfile that it is offered.
 */
export function commandChanges(
  unit: Pick<RootfsUnit, 'kraftfiles' | 'isBare'>,
  { entrypoint, cmd }: Pick<ImageConfig, 'entrypoint' | 'cmd'>,
): FileChange[] {
  const command = [...entrypoint, ...cmd];
  return unit.kraftfiles.flatMap(({ name, kraftfile }): FileChange[] => {
    const { file, text } = kraftfile;
    const lacks = command.length > 0 && (kraftfile.cmd?.argv.length ?? 0) === 0;
    const after = lacks ? spliceKraftfile({ file, text }, { cmd: command }) : text;
    if (unit.isBare) return [{ name, before: null, after }];
    return lacks ? [{ name, before: text, after }] : [];
  });
}
