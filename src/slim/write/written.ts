import { type Marker, readMarker } from '../../dockerfile/marker.ts';
import { rootListOf } from '../../dockerfile/root-list.ts';
import type { RootfsUnit } from '../../entry/unit.ts';
import { hashOf } from '../state/state.ts';
import { readUnitDockerfile, readUnitList } from '../unit-texts.ts';

/** A unit's Dockerfile and root list as they are on disk. */
export type OwnTexts = {
  readonly text: string;
  readonly list: string | null;
  readonly marker: Marker | null;
};

/**
 * Hashes, by name, of the files of a unit that the tool itself wrote, by the word of an intact marker, which shows that
 * also where the state was deleted.
 */
export function ownFiles(
  { dockerfile }: Pick<RootfsUnit, 'dockerfile'>,
  { text, list, marker }: OwnTexts,
): Record<string, string> {
  if (!marker?.intact || !marker.aboveUnchanged) return {};
  const hashes = { [dockerfile]: hashOf(text) };
  if (list === null || marker.fields?.list == null) return hashes;
  return { ...hashes, [rootListOf(dockerfile)]: hashOf(list) };
}

/** See `ownFiles`; read from disk. */
export async function ownFilesOf(
  unit: Pick<RootfsUnit, 'directory' | 'dockerfile' | 'catalogRoot'>,
): Promise<Record<string, string>> {
  const text = readUnitDockerfile(unit);
  const list = await readUnitList(unit);
  return ownFiles(unit, { text, list, marker: readMarker(text, list) });
}
