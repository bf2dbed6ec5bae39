import type { Config } from '../config/config-schema.ts';
import { type ImageReference, showReference } from '../registry/image-reference.ts';
import type { Registry } from '../registry/registry.ts';
import { UserError } from '../shared/failure.ts';
import type { Base } from './bases.ts';
import { type EntryVersion, versionOf } from './entry-version.ts';
import { findTag } from './find-tag.ts';
import { type ImageRules, imageRules } from './image-settings.ts';
import { type NewerTag, type Wish, wordsText } from './newer-tag.ts';
import { withCodeName } from './suffix.ts';
import { readTag, type Tag } from './tag.ts';
import { compareNumbers, compareVersions } from './tag-order.ts';

/** A base with what its registry says of newer versions. */
export type AskedBase = {
  readonly base: Base;
  readonly tag: Tag | null;
  /** Where its version stands in the entry's name. */
  readonly version: EntryVersion | undefined;
  readonly found: NewerTag;
  /** The tag that settings move it to within the entry, which is not named for it; null for none. */
  readonly inPlace: string | null;
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
  if (tag === null || text === null) {
    const inPlace = await otherCodeName(base, facts);
    return { base, tag: null, version: undefined, found: { kind: 'no-version' }, inPlace };
  }
  const version = versionOf(entry, { repository, tag });
  const rules = rulesFor(base, version === undefined ? null : wish.to, facts);
  const found = await findTag(base.reference, rules, registry);
  if (version !== undefined) return { base, tag, version, found, inPlace: null };
  const { allows = () => true, words = [] } = rules;
  const isSame = (other: Tag) => compareVersions(other, tag) === 0;
  // the words alone may move, and the version as well where the settings say so
  const here =
    rules.inPlace || words.length === 0
      ? found
      : await findTag(
          base.reference,
          { ...rules, allows: (other) => isSame(other) && allows(other) },
          registry,
        );
  const isMoved = here.kind === 'newer' && (rules.inPlace || (words.length > 0 && isSame(here.tag)));
  return { base, tag, version, found, inPlace: isMoved ? here.tag.text : null };
}

/** A tag without a version, `bookworm-slim`, with the code name that the settings want; null where it stays. */
async function otherCodeName(
  { reference }: Base,
  { registry, wish, settings }: Asking,
): Promise<string | null> {
  const { repository, tag } = reference;
  const { words } = imageRules(settings, repository, wish);
  if (tag === null || words.length === 0) return null;
  const to = withCodeName(tag, words);
  return to !== null && to !== tag && (await registry.tags(repository)).includes(to) ? to : null;
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
    const repeated = isLead ? found : await findTag(base.reference, rules, facts.registry);
    // what no wish asks for is no fault of the entry
    if (repeated.kind !== 'newer' && facts.wish.to === null) return null;
    if (repeated.kind !== 'newer') throw cannotMove({ ...facts, wish: { ...facts.wish, to } }, { base });
    tags.set(base.reference, repeated.tag.text);
  }
  return { version: first.version, lead, tags };
}

/** What the user and the settings want of a base. What the user asks for by its version no setting excludes. */
function rulesFor({ reference }: Base, to: string | null, { wish, settings }: Asking): Wish & ImageRules {
  const rules = imageRules(settings, reference.repository, wish);
  const isNamed = to !== null && wish.to !== null;
  return isNamed ? { ...rules, to, allows: () => true, minimumAgeDays: 0, words: [] } : { ...rules, to };
}

/** The words of a wish, which hold for every base. */
function wordsOf({ to }: Wish): string {
  return wordsText((to === null ? null : readTag(to))?.suffix ?? []);
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
