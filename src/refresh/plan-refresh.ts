import { workflowOf } from '../catalog/entry-files.ts';
import type { Config } from '../config/config-schema.ts';
import type { Dockerfile } from '../dockerfile/model.ts';
import type { ImageReference } from '../registry/image-reference.ts';
import { type Digest, showReference } from '../registry/image-reference.ts';
import type { Registry, ResolvedImage } from '../registry/registry.ts';
import { append } from '../shared/append.ts';
import { type Base, baseKey, basesOf } from './bases.ts';
import { renamed } from './entry-version.ts';
import { isSameImage } from './known-bases.ts';
import { type AskedBase, askVersion, type Moved, moveTogether } from './move-together.ts';
import type { VersionMove } from './move-version.ts';
import type { Wish } from './newer-tag.ts';
import { type Stay, stayOf } from './stay.ts';
import { readTag } from './tag.ts';

/** What the registry says of one base. */
export type BaseFinding = {
  /** Without a pin. */
  readonly reference: string;
  /** What it stands for now; null where a newer one takes its place. */
  readonly digest: Digest | null;
  /** The newer tag within the policy, and the newest beyond it; null for none. */
  readonly newer: string | null;
  readonly beyond: string | null;
  /** Why it stays at its tag; null where it moves. */
  readonly stays: Stay | null;
};

/** What is to be done for an entry. Nothing has been changed yet. */
export type RefreshAction =
  /** A directory for the newer version. */
  | { readonly kind: 'make'; readonly entry: string; readonly move: VersionMove }
  /** The entry itself, since a tag or a pin is to move in it (`move`), or stands for another image now (null). */
  | { readonly kind: 'redo'; readonly move: VersionMove | null }
  /**
   * `there`: the entry of the newer version that is there already. `first-seen`: what its bases stand for was not
   * known.
   */
  | { readonly kind: 'nothing'; readonly there: string | null; readonly firstSeen: boolean };

export type RefreshPlan = {
  readonly action: RefreshAction;
  readonly bases: readonly BaseFinding[];
  /** What the bases stand for once the action is done, by their names without a pin. */
  readonly images: Readonly<Record<string, ResolvedImage>>;
  /** Bases that the engine has to pull again. */
  readonly pulls: readonly ImageReference[];
};

export type RefreshFacts = {
  readonly entry: string;
  readonly dockerfile: Dockerfile;
  readonly registry: Registry;
  readonly wish: Wish;
  readonly settings: Config['refresh'];
  /** What a base stood for when the entry was last verified, or what the engine has of it. */
  readonly known: (
    base: Base,
  ) => Promise<ResolvedImage | { readonly digests: readonly Digest[] } | undefined>;
  /** Whether the catalog has an entry. */
  readonly has: (entry: string) => boolean;
};

/**
 * Queries the registries of an entry's bases, and decides. A newer version of a base that gives the entry its name
 * leads to a new entry, or to another tag in the same entry if its name does not change. For all other bases only the
 * digests count, and the result reports newer versions.
 * @throws UserError with a `RegistryCode`, or where the newer version cannot be moved to.
 */
export async function planRefresh(facts: RefreshFacts): Promise<RefreshPlan> {
  // what is named by its digest alone is meant to stay
  const bases = basesOf(facts.dockerfile).filter(
    ({ reference }) => reference.tag !== null || reference.digest === null,
  );
  if (bases.length === 0) return NOTHING;
  const queried = await Promise.all(bases.map((base) => askVersion(base, facts)));
  const moved = await moveTogether(queried, facts);
  const next = moved === null ? null : renamed(facts.entry, moved.version, moved.lead);
  const there = next !== null && next.entry !== facts.entry && facts.has(next.entry) ? next.entry : null;
  const findings = queried.map((base) => findingOf(base, stayOf(base, { moved, there })));
  if (moved === null || next === null) return await planInPlace(queried, facts, findings);
  if (there !== null) {
    const plan = await planInPlace(queried, facts, findings);
    const { action } = plan;
    return action.kind === 'nothing' ? { ...plan, action: { ...action, there } } : plan;
  }
  return { ...(await planMove(queried, { moved, next }, facts)), bases: findings };
}

/** The plan of a move to another version: all that has a name changes it. */
async function planMove(
  queried: readonly AskedBase[],
  { moved, next }: { moved: Moved; next: { entry: string; version: string } },
  { entry, registry }: RefreshFacts,
): Promise<Omit<RefreshPlan, 'bases'>> {
  const references = queried.map(({ base, inPlace }) => {
    const { reference } = base;
    const tag = moved.tags.get(reference) ?? inPlace ?? reference.tag;
    return { base, inPlace, before: reference, after: { ...reference, tag, digest: null } };
  });
  const pulls = references.map(({ after }) => after);
  const images = await resolveAll(pulls, registry);
  // a tag that stays keeps all its parts: `maven:3.9-eclipse-temurin-17` where Java moves to 21
  const kept = references.flatMap(({ before, after }): [string, string][] =>
    before.tag !== null && before.tag === after.tag ? [[before.tag, before.tag]] : [],
  );
  const bases = [
    ...kept,
    ...references.flatMap(({ base, inPlace, before, after }) =>
      inPlace === null ? namesOf(before, after, images) : namesInPlace(base, after, images),
    ),
  ];
  if (next.entry === entry) {
    return { action: { kind: 'redo', move: { version: null, names: bases } }, images, pulls };
  }
  const [old, now] = [workflowOf(entry), workflowOf(next.entry)];
  const workflow = old === null || now === null ? [] : [[fileName(old), fileName(now)] as const];
  const move: VersionMove = {
    version: { of: [moved.version.of, ...moved.version.also], from: moved.version.text, to: next.version },
    names: [...bases, [entry, next.entry], ...workflow],
  };
  return { action: { kind: 'make', entry: next.entry, move }, images, pulls };
}

const NOTHING: RefreshPlan = {
  action: { kind: 'nothing', there: null, firstSeen: false },
  bases: [],
  images: {},
  pulls: [],
};

function findingOf({ base, found, inPlace }: AskedBase, stays: Stay | null): BaseFinding {
  return {
    reference: baseKey(base),
    digest: null,
    newer: inPlace ?? (found.kind === 'newer' ? found.tag.text : null),
    beyond: stays?.why === 'policy' ? stays.tag : null,
    stays,
  };
}

/** What is to be done where the entry's name stays: pins, digests, and the tags that settings move within it. */
async function planInPlace(
  queried: readonly AskedBase[],
  { registry, known }: RefreshFacts,
  findings: readonly BaseFinding[],
): Promise<RefreshPlan> {
  const references = queried.map(({ base: { reference }, inPlace }) => ({
    ...reference,
    tag: inPlace ?? reference.tag,
    digest: null,
  }));
  const images = await resolveAll(references, registry);
  const names: [string, string][] = [];
  const changed: ImageReference[] = [];
  let firstSeen = false;
  for (const [at, { base, inPlace }] of queried.entries()) {
    const reference = references[at] as ImageReference;
    if (inPlace !== null) {
      changed.push(reference);
      append(names, namesInPlace(base, reference, images));
      continue;
    }
    const now = images[baseKey(base)] as ResolvedImage;
    const { digest: pin } = base.reference;
    const before = pin === null ? await known(base) : { digests: [pin] };
    if (before === undefined) firstSeen = true;
    else if (!isSameImage(now, before)) {
      changed.push(reference);
      append(names, namesOf(base.reference, reference, images));
    }
  }
  const bases = findings.map((finding) => ({
    ...finding,
    digest: images[finding.reference]?.digest ?? null,
  }));
  // a name that stays keeps what is in it: `debian:bookworm-20240110` beside `debian:bookworm`
  const kept = queried.flatMap(({ base: { name }, inPlace }): [string, string][] =>
    inPlace === null && names.length > 0 ? [[unpinned(name), unpinned(name)]] : [],
  );
  const move: VersionMove | null = names.length === 0 ? null : { version: null, names: [...kept, ...names] };
  return {
    action: changed.length > 0 ? { kind: 'redo', move } : { kind: 'nothing', there: null, firstSeen },
    bases,
    images,
    pulls: changed,
  };
}

async function resolveAll(
  references: readonly ImageReference[],
  registry: Registry,
): Promise<Record<string, ResolvedImage>> {
  const found = await Promise.all(
    references.map(
      async (reference) => [showReference(reference), await registry.resolve(reference)] as const,
    ),
  );
  return Object.fromEntries(found);
}

/** What stands for a base in an entry's texts, before and after: its whole tag, its version, its pin. */
function namesOf(
  before: ImageReference,
  after: ImageReference,
  images: Readonly<Record<string, ResolvedImage>>,
): [string, string][] {
  const names: [string, string][] = [];
  const [old, now] = [readTag(before.tag ?? ''), readTag(after.tag ?? '')];
  if (old !== null && now !== null && old.text !== now.text) {
    names.push([old.text, now.text]);
    if (old.version !== now.version) names.push([old.version, now.version]);
  }
  const image = images[showReference(after)];
  if (before.digest !== null && image !== undefined) {
    names.push([before.digest, image.digest]);
  }
  return names;
}

/** What stands for a base whose tag moves within its entry: its whole name, since no other text means this tag. */
function namesInPlace(
  { name, reference }: Base,
  after: ImageReference,
  images: Readonly<Record<string, ResolvedImage>>,
): [string, string][] {
  const before = unpinned(name);
  const to = `${before.slice(0, before.length - (reference.tag?.length ?? 0))}${after.tag}`;
  const digest = images[showReference(after)]?.digest;
  const pin: [string, string][] =
    reference.digest === null || digest === undefined ? [] : [[reference.digest, digest]];
  return [[before, to], ...pin];
}

function unpinned(name: string): string {
  return name.replace(/@.*/, '');
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
