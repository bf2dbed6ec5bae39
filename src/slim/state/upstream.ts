import { readStateFile, type StateFile, writeStateFile } from '../../store/state-file.ts';
import { hashOf } from './state.ts';

/** A base image of an entry, and where its sources are, as its labels say. */
export type UpstreamBase = {
  /** `redis:7.4-bookworm`. */
  readonly image: string;
  readonly source: string | null;
  readonly revision: string | null;
};

type Upstream = {
  readonly schema: 'kraft-slim/upstream/1';
  /** See `stateKeyOf`. */
  readonly entry: string;
  readonly bases: readonly UpstreamBase[];
};

/** Remembers what an entry was last verified on, for the text of its pull request. */
export function writeUpstream(stateDirectory: string, entry: string, bases: readonly UpstreamBase[]): void {
  const upstream: Upstream = { schema: 'kraft-slim/upstream/1', entry, bases };
  writeStateFile(stateDirectory, fileOf(entry), upstream);
}

/** The bases of an entry as its last refresh found them; none where no refresh of this user has made or redone it. */
export function readUpstream(stateDirectory: string, entry: string): readonly UpstreamBase[] {
  const known = readStateFile(stateDirectory, fileOf(entry)) as Partial<Upstream> | null | undefined;
  const isOurs = known?.schema === 'kraft-slim/upstream/1' && known.entry === entry;
  return isOurs ? (known.bases ?? []) : [];
}

function fileOf(entry: string): StateFile {
  return { kind: 'upstream', key: entry, name: `upstream/${hashOf(entry).slice(0, 32)}.json` };
}
