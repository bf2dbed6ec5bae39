import type { Config } from '../config/config-schema.ts';
import { type Repository, showRepository } from '../registry/image-reference.ts';
import { matches } from '../shared/glob.ts';
import type { Policy, TagRules, Wish } from './newer-tag.ts';
import { readTag, type Tag } from './tag.ts';
import { compareNumbers } from './tag-order.ts';

/** What the settings say of an image, with the policy that holds. */
export type ImageRules = { readonly policy: Policy } & Required<TagRules> & {
    /** The least age of an image that a newer tag means. */
    readonly minimumAgeDays: number;
    /** Whether a tag that no name follows moves within the entry. */
    readonly inPlace: boolean;
  };

/**
 * What holds for the tags of an image. The policy is that of the command line where the user gives it there, else that
 * of the image, of all images, or the default. Of several globs that match, the last has the say, key by key.
 */
export function imageRules(refresh: Config['refresh'], repository: Repository, wish: Wish): ImageRules {
  const { policy, minimumAgeDays = 0, images } = refresh ?? { images: {} };
  const image = showRepository(repository);
  const matching = Object.entries(images).filter(([glob]) => matches(glob, image));
  const settings = Object.assign({}, ...matching.map(([, setting]) => setting)) as (typeof images)[string];
  const { allow, ignore = [], words = [] } = settings;
  return {
    policy: wish.isPolicyGiven ? wish.policy : (settings.policy ?? policy ?? wish.policy),
    minimumAgeDays: settings.minimumAgeDays ?? minimumAgeDays,
    inPlace: settings.inPlace ?? false,
    words,
    image: repository.path.split('/').at(-1) ?? '',
    allows: (tag) =>
      (allow === undefined || allow.some((version) => isOf(tag, version))) &&
      !ignore.some((version) => isOf(tag, version)),
  };
}

/** Whether a tag has a version that begins with the given one, or matches a glob. */
function isOf(tag: Tag, version: string): boolean {
  const limit = readTag(version);
  if (limit === null || limit.text !== `${limit.prefix}${limit.version}`) return matches(version, tag.text);
  return compareNumbers(tag.numbers.slice(0, limit.numbers.length), limit.numbers) === 0;
}
