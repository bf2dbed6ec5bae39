import type { Config } from '../config/config-schema.ts';
import { type ImageReference, showReference } from '../registry/image-reference.ts';
import type { Registry } from '../registry/registry.ts';
import { UserError } from '../shared/failure.ts';
import type { Base } from './bases.ts';
import { type EntryVersion, versionOf } from './entry-version.ts';
import { imageRules } from './image-settings.ts';
import { type NewerTag, newerTag, type TagRules, type Wish } from './newer-tag.ts';
import { readTag, type Tag } from './tag.ts';
import { compareNumbers } from './tag-order.ts';

/** A base with what its registry says of newer versions. */
export type AskedBase = {
  readonly base: Base;
  readonly tag: Tag | null;
  /** Where its version stands in the entry's name. */
  readonly version: EntryVersion | undefined;
  readonly found: NewerTag;
};

type Asking = {
  readonly entry: string;
  readonly registry: Registry;
  readonly wish: Wish;
  readonly settings: Config['refresh'];
};

/** Asks for the newer version of a base; a wish for a version is for those that the entry is named for. */
export async function askVersion(base: Base, facts: Asking): Promise<AskedBase> {
  const { entry, registry, wish } = facts;
  const { repository, tag: text } = base.reference;
  const tag = readTag(text ?? '');
  if (tag === null || text === null)
    return { base, tag: null, version: undefined, found: { kind: 'no-version' } };
  const version = versionOf(entry, { repository, tag });
  const rules = rulesFor(base, version === undefined ? null : wish.to, facts);
  return { base, tag, version, found: newerTag(text, await registry.tags(repository), rules) };
}

/** Where the bases move that an entry is named for. */
export type Moved = {
  readonly version: EntryVersion;
  /** The tag that the entry's new name is read from. */
  readonly lead: Tag;
  readonly tags: ReadonlyMap<ImageReference, string>;
};

/**
 * Bases that carry the entry's version move to the same version: the lowest of the newest versions. null if no base
 * moves, or if a base has no tag of that version and no wish names it.
 * @throws UserError `image-not-found` where one of them has no tag of that version, `usage` if the entry's name
 * contains no version.
 */
export async function moveTogether(queried: readonly AskedBase[], facts: Asking): Promise<Moved | null> {
  const tied = queried.filter(({ version }) => version !== undefined);
  const lacking = tied.find(({ found }) => found.kind === 'no-such-version');
  if (lacking !== undefined || (facts.wish.to !== null && tied.length === 0))
    throw cannotMove(facts, lacking);
  const [first] = tied;
  const newer = tied.flatMap(({ found }) => (found.kind === 'newer' ? [found.tag] : []));
  if (first?.version === undefined || newer.length < tied.length || newer.length === 0) return null;
  const lead = newer.reduce((first, other) =>
    compareNumbers(shared(other, tied), shared(first, tied)) < 0 ? other : first,
  );
  const tags = new Map<ImageReference, string>();
  for (const { base, found } of tied) {
    const to = `${shared(lead, tied).join('.')}${wordsOf(facts.wish)}`;
    const isLead =
      found.kind === 'newer' && compareNumbers(shared(found.tag, tied), shared(lead, tied)) === 0;
    const rules = rulesFor(base, to, facts);
    const repeated = isLead
      ? found
      : newerTag(base.reference.tag ?? '', await facts.registry.tags(base.reference.repository), rules);
    // what no wish asks for is no fault of the entry
    if (repeated.kind !== 'newer' && facts.wish.to === null) return null;
    if (repeated.kind !== 'newer') throw cannotMove({ ...facts, wish: { ...facts.wish, to } }, { base });
    tags.set(base.reference, repeated.tag.text);
  }
  return { version: first.version, lead, tags };
}

/** What the user and the settings want of a base. What the user asks for by its version no setting excludes. */
function rulesFor({ reference }: Base, to: string | null, { wish, settings }: Asking): Wish & TagRules {
  const { allows, ...rules } = imageRules(settings, reference.repository, wish);
  return to !== null && wish.to !== null ? { ...rules, to } : { ...rules, to, allows };
}

/** The words of a wish, which hold for every base. */
function wordsOf({ to }: Wish): string {
  const suffix = (to === null ? null : readTag(to))?.suffix ?? [];
  return suffix.map(({ separator, word, numbers }) => `${separator}${word}${numbers.join('.')}`).join('');
}

/** As many parts of a version as all of some bases have. */
function shared({ numbers }: Tag, tied: readonly AskedBase[]): number[] {
  return numbers.slice(0, Math.min(...tied.map(({ tag }) => tag?.numbers.length ?? 0)));
}

function cannotMove({ entry, wish }: Asking, lacking?: Pick<AskedBase, 'base'>): UserError {
  if (lacking === undefined) {
    return new UserError(
      'usage',
      `cannot move ${entry} to ${wish.to}: its name contains no version of its base images`,
    );
  }
  const message = `cannot move ${entry} to ${wish.to}: there is no such tag beside ${showReference(lacking.base.reference)}`;
  return new UserError('image-not-found', message, {
    hint: 'give a version that the registry has for this variant',
  });
}
