import { createHash } from 'node:crypto';
import type { Digest } from '../registry/image-reference.ts';
import type { ResolvedImage } from '../registry/registry.ts';
import { type OnDistrust, readStateFile, type StateFile, writeStateFile } from '../store/state-file.ts';
import type { PackageVersions } from './packages.ts';

/** What an entry was last verified on. It lies in the state directory, and is safe to delete. */
export type KnownBases = {
  readonly schema: 'kraft-slim/bases/1';
  /** See `stateKeyOf`. */
  readonly entry: string;
  /** By the base's name without a pin. */
  readonly images: Readonly<Record<string, ResolvedImage>>;
  /** The packages of its full root file system; null if no run has read them. */
  readonly packages: PackageVersions | null;
};

/** What is remembered of an entry's bases; undefined where nothing is, or nothing that this user's key has signed. */
export async function readKnownBases(
  stateDirectory: string,
  entry: string,
  onDistrust?: OnDistrust,
): Promise<KnownBases | undefined> {
  const known = readStateFile(stateDirectory, fileOf(entry), onDistrust) as KnownBases | null | undefined;
  const isWhole = typeof known?.images === 'object' && known.images !== null;
  return isWhole && known.schema === 'kraft-slim/bases/1' && known.entry === entry ? known : undefined;
}

export async function writeKnownBases(stateDirectory: string, known: KnownBases): Promise<void> {
  writeStateFile(stateDirectory, fileOf(known.entry), known);
}

function fileOf(entry: string): StateFile {
  const hash = createHash('sha256').update(entry).digest('hex');
  return { kind: 'bases', key: entry, name: `bases/${hash.slice(0, 32)}.json` };
}

/** Whether what a base stands for now is what it stood for; where only a digest is known, by that alone. */
export function isSameImage(
  now: ResolvedImage,
  known: ResolvedImage | { readonly digests: readonly Digest[] },
): boolean {
  if ('platform' in known) return now.platform === known.platform;
  return known.digests.some((digest) => digest === now.digest || digest === now.platform);
}
