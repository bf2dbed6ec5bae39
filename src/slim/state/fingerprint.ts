import { loadConfig } from '../../config/load-config.ts';
import { imagesUsed } from '../../dockerfile/images-used.ts';
import { parseDockerfile } from '../../dockerfile/parse-dockerfile.ts';
import { runtimeUnit } from '../../entry/runtime.ts';
import type { RootfsUnit } from '../../entry/unit.ts';
import { VERSION } from '../../shared/version.ts';
import { readUnitDockerfile } from '../write/root-list.ts';
import { digestOf, type Inputs } from './inputs.ts';
import { hashOf } from './state.ts';

/** Raised when what goes into a fingerprint, or what a result says, changes within a version of the tool. */
const FORMAT = 4;

/** The digest that a reference to an image stands for at this moment; undefined where it is not known. */
export type ResolveImage = (reference: string) => Promise<string | undefined>;

/** Asks for each reference once. */
export function rememberingImages(resolve: ResolveImage): ResolveImage {
  const known = new Map<string, Promise<string | undefined>>();
  return (reference) => {
    const resolving = known.get(reference) ?? resolve(reference);
    known.set(reference, resolving);
    return resolving;
  };
}

/**
 * The SHA-256 of all that a verified run of a unit has depended on: the tool's version, the options that decide (not
 * how it is written or shown), the inputs, and the images that its Dockerfile and workload name, by digest. null where
 * one of these cannot be resolved: then only a build shows whether anything has changed.
 */
export async function fingerprintOf(
  unit: RootfsUnit,
  { inputs, options, resolve }: { inputs: Inputs; options: object; resolve: ResolveImage },
): Promise<string | null> {
  const images: [string, string][] = [];
  const runtime = unit.class === 'runtime-delta' ? await runtimeUnit(unit) : null;
  const names = [unit, ...(runtime === null ? [] : [runtime.runtime])].map(imagesOf);
  for (const reference of new Set((await Promise.all(names)).flat().sort())) {
    const digest = await resolve(reference);
    if (digest === undefined) return null;
    images.push([reference, digest]);
  }
  const deciding = Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1));
  return hashOf(JSON.stringify([FORMAT, VERSION, deciding, digestOf(inputs), images]));
}

async function imagesOf(unit: RootfsUnit): Promise<string[]> {
  const { directory, dockerfile, catalogRoot } = unit;
  const { build, workload } = await loadConfig({
    entryDirectory: directory,
    catalogRoot,
    // only names of images are read
    untrusted: false,
  });
  const text = readUnitDockerfile(unit);
  const parsed = parseDockerfile(text, { file: dockerfile, buildArgs: build.args });
  const lent = [...(workload.services ?? []), ...(workload.probes ?? [])].flatMap((lender) =>
    'image' in lender && lender.image !== undefined ? [lender.image] : [],
  );
  return [...imagesUsed(parsed), ...lent];
}
