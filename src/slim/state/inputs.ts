import { createHash } from 'node:crypto';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { loadConfig } from '../../config/load-config.ts';
import { contextDigest, readBuildContext } from '../../dockerfile/build-context.ts';
import { readMarker } from '../../dockerfile/marker.ts';
import { parseDockerfile } from '../../dockerfile/parse-dockerfile.ts';
import { rootListOf } from '../../dockerfile/root-list.ts';
import { runsOfKraftfile } from '../../entry/readme-runs.ts';
import { runtimeUnit } from '../../entry/runtime.ts';
import type { RootfsUnit } from '../../entry/unit.ts';
import { readUse } from '../../entry/use-files.ts';
import { readKraftfileText } from '../../kraftfile/find-kraftfile.ts';
import { append } from '../../shared/append.ts';
import { UserError } from '../../shared/failure.ts';
import { isOfGit, realOrSame, realPathWithin } from '../../store/inside.ts';
import type { FileKind } from '../../store/limits.ts';
import { contentPieces, linkTarget, listDirectory, readText, statPath } from '../../store/read.ts';
import { serviceUnits } from '../service-units.ts';
import type { FindDependents } from '../task.ts';
import { readUnitDockerfile } from '../unit-texts.ts';
import { hashOf } from './state.ts';

/**
 * What the work on a unit depends on, as far as it lies in the catalog: hashes by what they are of. `file PATH`: a file
 * of the build context, as the build sees it. `text PATH`: a Dockerfile, root list or Kraftfile. Paths are relative to
 * the catalog's root, so that the same catalog elsewhere has the same inputs.
 */
export type Inputs = ReadonlyMap<string, string>;

/**
 * The inputs of a unit, with those of its runtime, and of the deltas over it less what the tool writes into them: a
 * delta that was slimmed after its library entry asks for nothing new.
 * @throws UserError where something cannot be read.
 */
export async function inputsOf(unit: RootfsUnit, dependentsOf: FindDependents): Promise<Inputs> {
  const inputs = new Map(await ownInputs(unit, { whole: true }));
  if (unit.class === 'runtime-delta') {
    const { runtime } = await runtimeUnit(unit);
    for (const [key, hash] of await ownInputs(runtime, { whole: true })) inputs.set(`runtime: ${key}`, hash);
  }
  for (const service of await serviceUnits(unit)) {
    for (const [key, hash] of await ownInputs(service, { whole: true })) inputs.set(`service: ${key}`, hash);
  }
  if (unit.class === 'library') {
    for (const delta of await dependentsOf(unit)) {
      for (const [key, hash] of await ownInputs(delta, { whole: false })) inputs.set(`delta: ${key}`, hash);
    }
  }
  return inputs;
}

/** Whether two states of a unit differ in nothing but files of these names, relative to the unit. */
export function differOnlyIn(
  { directory, catalogRoot }: Pick<RootfsUnit, 'directory' | 'catalogRoot'>,
  [before, after]: readonly [Inputs, Inputs],
  names: readonly string[],
): boolean {
  const paths = names.map((name) => slashed(relative(catalogRoot, join(directory, name))));
  const free = new Set(paths.flatMap((path) => [`file ${path}`, `text ${path}`]));
  return [...new Set([...before.keys(), ...after.keys()])].every(
    (key) => free.has(key) || before.get(key) === after.get(key),
  );
}

/** One hash over all inputs. */
export function digestOf(inputs: Inputs): string {
  return hashOf(JSON.stringify([...inputs].sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** `whole`: with the stage and the root list that the tool has written. */
async function ownInputs(unit: RootfsUnit, { whole }: { whole: boolean }): Promise<[string, string][]> {
  const { directory, dockerfile, catalogRoot, context } = unit;
  const name = (path: string) => slashed(relative(catalogRoot, path));
  const list = rootListOf(dockerfile);
  const text = readUnitDockerfile(unit);
  const listed = readOrEmpty(join(directory, list), { root: catalogRoot, kind: 'root list' });
  const marker = readMarker(text, listed);
  const authored = whole ? text : authorsText(marker?.intact ? marker.above : text);
  const inputs: [string, string][] = [[`text ${name(join(directory, dockerfile))}`, hashOf(authored)]];
  const written = whole ? [] : [join(directory, dockerfile), join(directory, list)];
  const { entries } = await readBuildContext({
    directory: context,
    dockerfile: join(directory, dockerfile),
    root: catalogRoot,
  });
  for (const entry of entries) {
    if (written.includes(entry.hostPath)) continue;
    inputs.push([`file ${name(entry.hostPath)}`, await contextDigest([entry])]);
  }
  if (whole) inputs.push([`text ${name(join(directory, list))}`, hashOf(listed)]);
  for (const unitFile of unit.kraftfiles) append(inputs, await kraftfileInputs(unit, unitFile.path));
  return inputs;
}

/** What an author says in a Dockerfile, without the names of stages: the tool names one that has none. */
function authorsText(text: string): string {
  try {
    const stages = parseDockerfile(text).stages.map(({ from: { raw, platform }, instructions }) => [
      raw,
      platform,
      instructions.map((instruction) => instruction.raw),
    ]);
    return JSON.stringify(stages);
  } catch {
    // what cannot be read is never slimmed
    return text;
  }
}

/** A Kraftfile, how its README uses it, what it mounts, and the settings that hold for it. */
async function kraftfileInputs(unit: RootfsUnit, path: string): Promise<[string, string][]> {
  const { catalogRoot, directory } = unit;
  const name = slashed(relative(catalogRoot, path));
  const { readme, test, runConfig } = readUse(dirname(path), catalogRoot);
  const described = [
    ...runsOfKraftfile(readme, basename(path)),
    ...[test, runConfig].flatMap((found) => found ?? []),
  ];
  const kraftfile = unit.kraftfiles.find((unitFile) => unitFile.path === path)?.kraftfile;
  const text = unit.isBare === true ? (kraftfile?.text ?? '') : await readKraftfileText(path, catalogRoot);
  const sources = [
    ...(kraftfile?.volumes.map(({ source }) => source) ?? []),
    ...described.flatMap(({ run }) => run.volumes.map(({ host }) => host)),
  ];
  const config = await loadConfig({
    entryDirectory: directory,
    catalogRoot,
    kraftfile: relative(directory, path),
    // the text is compared, and nothing acts on it
    untrusted: false,
  });
  const settings = JSON.stringify(config).replaceAll(JSON.stringify(catalogRoot + sep).slice(1, -1), '');
  const inputs: [string, string][] = [
    [`text ${name}`, hashOf(text)],
    [`readme of ${name}`, hashOf(JSON.stringify(described))],
    [`settings of ${name}`, hashOf(settings)],
  ];
  for (const source of new Set(sources)) {
    inputs.push([
      `volume ${source} of ${name}`,
      await volumeDigest(resolve(dirname(path), source), catalogRoot),
    ]);
  }
  return inputs;
}

/** See `treeDigest`; a volume that is refused has no content that would count. */
async function volumeDigest(path: string, root: string): Promise<string> {
  try {
    const real = realPathWithin(root, path);
    return real === null ? hashOf('') : await treeDigest(real, realOrSame(root));
  } catch (error) {
    if (error instanceof UserError) return hashOf('refused');
    throw error;
  }
}

/** The SHA-256 of a file or of all that is below a directory; links are not followed. */
async function treeDigest(path: string, root: string): Promise<string> {
  const stats = statPath(path);
  if (stats === null) return hashOf('');
  if (stats.isSymbolicLink()) return hashOf(`link ${linkTarget(path)}`);
  if (stats.isFile()) return hashOf(`${stats.mode} ${await contentDigest(path, root)}`);
  if (!stats.isDirectory()) return hashOf('other');
  const below: [string, string][] = [];
  for (const { name } of listDirectory(path, { root }) ?? []) {
    if (!isOfGit(name)) below.push([name, await treeDigest(join(path, name), root)]);
  }
  return hashOf(JSON.stringify([stats.mode, below]));
}

async function contentDigest(path: string, root: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of contentPieces(path, { root })) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

/** The text of a file; empty where there is none. By default no link out of its directory is followed. */
export function readOrEmpty(
  path: string,
  options: { readonly root: string; readonly kind: FileKind } = { root: dirname(path), kind: 'README' },
): string {
  return readText(path, options) ?? '';
}

function slashed(path: string): string {
  return path.split(sep).join('/');
}
