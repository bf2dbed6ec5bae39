import type { ImageReference } from '../registry/image-reference.ts';
import type { Registry } from '../registry/registry.ts';
import type { ImageRules } from './image-settings.ts';
import { type NewerTag, newerTag, type Wish } from './newer-tag.ts';
import type { Tag } from './tag.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** So many tags are looked up at most for their ages; a registry answers some requests for each. */
const MAX_YOUNG = 12;

/** The newer tag of a base, whose image is as old as the settings want. @throws UserError with a `RegistryCode`. */
export async function findTag(
  reference: ImageReference,
  rules: Wish & ImageRules,
  registry: Registry,
): Promise<NewerTag> {
  const { repository, tag: current } = reference;
  const { allows, minimumAgeDays } = rules;
  const tags = await registry.tags(repository);
  const young: Tag[] = [];
  const isYoung = (tag: Tag) => young.some(({ text }) => text === tag.text);
  for (;;) {
    const found = newerTag(current ?? '', tags, { ...rules, allows: (tag) => allows(tag) && !isYoung(tag) });
    const [newest] = young;
    if (found.kind !== 'newer')
      return newest === undefined ? found : { kind: 'newest', excluded: { by: 'young', tag: newest } };
    if (minimumAgeDays === 0) return found;
    const { created } = await registry.describe({ ...reference, tag: found.tag.text, digest: null });
    if (created !== null && Date.now() - created.getTime() >= minimumAgeDays * DAY_MS) return found;
    young.push(found.tag);
    if (young.length === MAX_YOUNG)
      return { kind: 'newest', excluded: { by: 'young', tag: newest ?? found.tag } };
  }
}
