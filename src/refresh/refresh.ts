import { join } from 'node:path';
import { nameOfPath } from '../catalog/catalog-root.ts';
import { readUnit } from '../entry/read-unit.ts';
import { parseImageReference, showRepository } from '../registry/image-reference.ts';
import { messageOf, UserError } from '../shared/failure.ts';
import { stateKeyOf } from '../slim/state/state.ts';
import { statPath } from '../store/read.ts';
import type { Acted, RefreshTools } from './act.ts';
import { type Base, baseKey } from './bases.ts';
import { writeKnownBases } from './known-bases.ts';
import { makeVersion } from './make-version.ts';
import type { Wish } from './newer-tag.ts';
import { type OpenedEntry, openEntry } from './open-entry.ts';
import { planRefresh, type RefreshPlan } from './plan-refresh.ts';
import { redoEntry } from './redo-entry.ts';
import { emptyRefresh, type RefreshResult } from './report.ts';
import { stayText } from './stay.ts';

export type RefreshOptions = {
  readonly wish: Wish;
  /** Ask the registry, and change nothing: neither files nor the engine. */
  readonly dryRun: boolean;
  /** Where state lives; null for `.kraft-slim` at the catalog's root. */
  readonly stateDirectory: string | null;
  /** See `SlimEntryOptions`. */
  readonly untrusted: boolean;
  /** Entries that other entries of this run lead to with `dryRun`, by the entry that does; they get more. */
  readonly planned: Map<string, string>;
};

/**
 * Updates one entry: queries its bases, then makes the entry of a newer version, slims the entry again, or does
 * nothing. A failure is data in the result, as in `runEntry`.
 */
export async function refreshEntry(
  path: string,
  options: RefreshOptions,
  tools: RefreshTools,
): Promise<Acted> {
  let known = emptyRefresh(nameOfPath(path));
  try {
    const unit = await readUnit(path);
    known = emptyRefresh(unit.name);
    if ('reason' in unit)
      return end({ ...known, status: 'skipped', code: 'no-dockerfile', reason: unit.reason });
    const entry = await openEntry(unit, {
      ...options,
      onDistrust: (why) =>
        tools.on({ type: 'notice', message: `kraft-slim ignores state of an earlier run: ${why}` }),
    });
    tools.on({ type: 'step', entry: unit.name, step: 'read', detail: 'querying the registry' });
    const plan = await planRefresh({
      entry: unit.name,
      dockerfile: entry.dockerfile,
      registry: tools.registry,
      wish: options.wish,
      settings: entry.config.refresh,
      known: (base) => knownImage(entry, base, options.dryRun ? null : tools),
      has: (name) => statPath(join(unit.catalogRoot, name)) !== null || options.planned.has(name),
    });
    known = { ...known, bases: plan.bases };
    return await act(entry, plan, options, tools);
  } catch (error) {
    const code = tools.signal.aborted ? 'interrupted' : error instanceof UserError ? error.code : 'internal';
    return { result: { ...known, status: 'failed', code, reason: messageOf(error) }, error };
  }
}

async function act(
  entry: OpenedEntry,
  plan: RefreshPlan,
  { dryRun, planned }: RefreshOptions,
  tools: RefreshTools,
): Promise<Acted> {
  const { action, bases } = plan;
  const result = { ...emptyRefresh(entry.unit.name), bases };
  if (action.kind === 'nothing') {
    if (!dryRun) await remember(entry, plan);
    return end({ ...result, reason: reasonOf(entry, plan, { dryRun, planned }) });
  }
  const made = action.kind === 'make' ? action.entry : null;
  if (dryRun && made !== null) planned.set(made, entry.unit.name);
  if (dryRun) return end({ ...result, status: 'planned', made });
  return action.kind === 'make'
    ? await makeVersion(entry, { plan, action }, tools)
    : await redoEntry(entry, { plan, action }, tools);
}

const end = (result: RefreshResult): Acted => ({ result, error: null });

/** So that the next run knows whether they have changed. */
async function remember(
  { unit, stateDirectory, known }: OpenedEntry,
  { images }: RefreshPlan,
): Promise<void> {
  if (Object.keys(images).length === 0) return;
  const packages = known?.packages ?? null;
  await writeKnownBases(stateDirectory, {
    schema: 'kraft-slim/bases/1',
    entry: stateKeyOf(unit),
    images,
    packages,
  });
}

function reasonOf(
  { dockerfile }: OpenedEntry,
  { action, bases }: RefreshPlan,
  { dryRun, planned }: Pick<RefreshOptions, 'dryRun' | 'planned'>,
): string | null {
  if (action.kind !== 'nothing') return null;
  if (action.there !== null) {
    const maker = planned.get(action.there);
    return maker === undefined ? `${action.there} is there already` : `${maker} leads to ${action.there}`;
  }
  if (bases.length === 0) return `${dockerfile.file} builds on no image with a tag`;
  const stays = bases.flatMap(({ reference, stays }) => (stays === null ? [] : [stayText(reference, stays)]));
  const firstSeen = 'kraft-slim did not know the images of its base tags, and remembers them from now on';
  // a dry run remembers nothing, and knows only what an earlier run remembered
  return [...stays, ...(action.firstSeen && !dryRun ? [firstSeen] : [])].join('; ');
}

/** What an entry was verified on, as it is remembered; else what the engine has of it. */
async function knownImage({ known }: OpenedEntry, base: Base, tools: RefreshTools | null) {
  const remembered = known?.images[baseKey(base)];
  if (remembered !== undefined || tools === null) return remembered;
  const image = await (await tools.engine()).inspectImage(base.name);
  const repository = showRepository(base.reference.repository);
  const digests = (image?.digests ?? []).flatMap((name) => {
    const { repository: named, digest } = parseImageReference(name);
    return digest !== null && showRepository(named) === repository ? [digest] : [];
  });
  return digests.length === 0 ? undefined : { digests };
}
