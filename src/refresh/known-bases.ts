import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '../registry/image-reference.ts';
import type { ResolvedImage } from '../registry/registry.ts';
import { isNotFound } from '../shared/failure.ts';
import { writeStateFile } from '../shared/state-directory.ts';
import type { PackageVersions } from './packages.ts';

/** What an entry was last verified on. It lies in the state directory, and is safe to delete. */
export type KnownBases = {
  readonly schema: 'kraft-slim/bases/1';
  readonly entry: string;
  /** By the base's name without a pin. */
  readonly images: Readonly<Record<string, ResolvedImage>>;
  /** The packages of its full root file system; null where nobody has looked. */
  readonly packages: PackageVersions | null;
};

/** What is remembered of an entry's bases; undefined where nothing is, or nothing that can be read. */
export async function readKnownBases(stateDirectory: string, entry: string): Promise<KnownBases | undefined> {
  try {
    const text = await readFile(join(stateDirectory, nameOf(entry)), 'utf8');
    const known = JSON.parse(text) as KnownBases | null;
    return known?.schema === 'kraft-slim/bases/1' && known.entry === entry ? known : undefined;
  } catch (error) {
    if (isNotFound(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export async function writeKnownBases(stateDirectory: string, known: KnownBases): Promise<void> {
  await writeStateFile(stateDirectory, nameOf(known.entry), JSON.stringify(known));
}

function nameOf(entry: string): string {
  return `bases/${createHash('sha256').update(entry).digest('hex').slice(0, 32)}.json`;
}

/** Whether what a base stands for now is what it stood for; where only a digest is known, by that alone. */
export function isSameImage(
  now: ResolvedImage,
  known: ResolvedImage | { readonly digests: readonly Digest[] },
): boolean {
  if ('platform' in known) return now.platform === known.platform;
  return known.digests.some((digest) => digest === now.digest || digest === now.platform);
}
