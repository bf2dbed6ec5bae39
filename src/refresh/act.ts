import { readUnit } from '../entry/read-unit.ts';
import { type ImageReference, showReference } from '../registry/image-reference.ts';
import type { Registry } from '../registry/registry.ts';
import { UserError } from '../shared/failure.ts';
import type { EntryReport, EntryTools } from '../slim/run-entry.ts';
import { readState, stateKeyOf } from '../slim/state/state.ts';
import { type UpstreamBase, writeUpstream } from '../slim/state/upstream.ts';
import { baseKey, basesOf } from './bases.ts';
import { fullPackages } from './full-packages.ts';
import { writeKnownBases } from './known-bases.ts';
import { type OpenedEntry, openEntry } from './open-entry.ts';
import type { RefreshPlan } from './plan-refresh.ts';
import { type Changes, emptyRefresh, type RefreshResult } from './report.ts';
import { type Side, whatChanged } from './what-changed.ts';

export type RefreshTools = EntryTools & { readonly registry: Registry };

/** What acting came to; `error` as in an `EntryReport`. */
export type Acted = { readonly result: RefreshResult; readonly error: unknown };

/**
 * What is known of an entry before anything is pulled for it; `pulls`: whether its tags are sure to be the old ones.
 */
export async function sideBefore(
  { state, known, ...entry }: OpenedEntry,
  { pulls }: { readonly pulls: boolean },
  { engine, signal }: EntryTools,
): Promise<Side> {
  const packages = known?.packages ?? (await fullPackages(entry, { engine: await engine(), signal, pulls }));
  return { state, packages };
}

/** Has the engine pull what the entry is to be built on. @throws UserError with a `RegistryCode`. */
export async function pullBases(
  entry: string,
  references: readonly ImageReference[],
  { engine, signal, on }: EntryTools,
): Promise<void> {
  for (const reference of references) {
    const name = showReference(reference.tag === null ? { ...reference, tag: 'latest' } : reference);
    on({ type: 'step', entry, step: 'build', detail: `pulling ${name}` });
    const onLog = (line: string) => on({ type: 'build-log', entry, line });
    const { host } = reference.repository;
    await (await engine()).pullImage({ reference: name, host, signal, onLog });
  }
}

/** Compares a result with what was before, and remembers what it was verified on. */
export async function concludeEntry(
  path: string,
  { before, plan, entry: last }: { before: Side; plan: RefreshPlan; entry: OpenedEntry },
  tools: RefreshTools,
): Promise<Changes> {
  const unit = await readUnit(path);
  if (!('dockerfile' in unit)) throw new Error(`cannot read ${path}: its Dockerfile is gone`);
  const engine = await tools.engine();
  const { stateDirectory, untrusted } = last;
  const entry = await openEntry(unit, { stateDirectory, untrusted });
  const packages = await fullPackages(entry, { engine, signal: tools.signal, pulls: true });
  await writeKnownBases(stateDirectory, {
    schema: 'kraft-slim/bases/1',
    entry: stateKeyOf(unit),
    images: plan.images,
    packages,
  });
  writeUpstream(stateDirectory, stateKeyOf(unit), await upstreamOf(entry, tools));
  return whatChanged(before, { state: await readState(stateDirectory, stateKeyOf(unit)), packages });
}

/** What the labels of an entry's bases say; what a registry does not answer is no fault of the entry. */
async function upstreamOf(
  { dockerfile }: OpenedEntry,
  { registry, signal }: RefreshTools,
): Promise<UpstreamBase[]> {
  const found = await Promise.all(
    basesOf(dockerfile).map(async (base): Promise<UpstreamBase | null> => {
      const image = baseKey(base);
      try {
        const { source, revision } = await registry.describe({ ...base.reference, digest: null });
        return { image, source, revision };
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof UserError) return null;
        throw error;
      }
    }),
  );
  return found.filter((base) => base !== null);
}

/** The end of an entry that could not be slimmed, or not be verified. */
export function failedAct(entry: string, { bases }: RefreshPlan, { result, error }: EntryReport): Acted {
  const { code, reason } = result;
  return { result: { ...emptyRefresh(entry), status: 'failed', code, reason, bases, result }, error };
}

/** @throws UserError where a text that was moved does not name what it was moved to. */
export function insistOnBases(names: readonly string[], wanted: readonly ImageReference[]): void {
  for (const reference of wanted) {
    const name = showReference(reference);
    if (names.includes(name)) continue;
    throw new UserError(
      'dockerfile-invalid',
      `cannot move the Dockerfile to ${name}: its FROM lines do not contain the tags`,
      {
        hint: 'write the image and its tag in the FROM, or in an ARG above it',
      },
    );
  }
}
