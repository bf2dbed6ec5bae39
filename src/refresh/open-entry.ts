import { join } from 'node:path';
import { loadConfig } from '../config/load-config.ts';
import { readMarker } from '../dockerfile/marker.ts';
import type { Dockerfile } from '../dockerfile/model.ts';
import { parseDockerfile } from '../dockerfile/parse-dockerfile.ts';
import type { RootfsUnit } from '../entry/unit.ts';
import { readState, STATE_DIRECTORY, stateKeyOf, type UnitState } from '../slim/state/state.ts';
import { readUnitDockerfile } from '../slim/unit-texts.ts';
import { originalOf } from '../slim/write/as-authored.ts';
import type { OnDistrust } from '../store/state-file.ts';
import type { Buildable } from './full-packages.ts';
import { type KnownBases, readKnownBases } from './known-bases.ts';

/** An entry with all that is known of it before a registry is asked. */
export type OpenedEntry = Buildable & {
  /** Its Dockerfile without the stage that the tool has written. */
  readonly dockerfile: Dockerfile;
  readonly stateDirectory: string;
  /** See `SlimEntryOptions`. */
  readonly untrusted: boolean;
  readonly state: UnitState | undefined;
  readonly known: KnownBases | undefined;
};

/** @throws UserError where its Dockerfile or its settings cannot be read. */
export async function openEntry(
  unit: RootfsUnit,
  {
    stateDirectory: directory,
    untrusted,
    onDistrust,
  }: { stateDirectory: string | null; untrusted: boolean; onDistrust?: OnDistrust },
): Promise<OpenedEntry> {
  const { catalogRoot } = unit;
  const config = await loadConfig({ entryDirectory: unit.directory, catalogRoot, untrusted });
  const text = readUnitDockerfile(unit);
  const stateDirectory = directory ?? join(unit.catalogRoot, STATE_DIRECTORY);
  return {
    unit,
    config,
    text,
    dockerfile: parseDockerfile(originalOf(text, readMarker(text)), {
      file: unit.dockerfile,
      buildArgs: config.build.args,
    }),
    stateDirectory,
    untrusted,
    state: await readState(stateDirectory, stateKeyOf(unit), onDistrust),
    known: await readKnownBases(stateDirectory, stateKeyOf(unit), onDistrust),
  };
}
