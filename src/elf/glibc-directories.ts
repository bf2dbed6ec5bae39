import { imagePath } from '../shared/image-path.ts';
import { withoutTrailing } from '../shared/trim-end.ts';
import type { LinkMap, LoadContext } from './link-map.ts';
import { expandGlibcTokens, type TokenValues } from './string-tokens.ts';

/**
 * A directory to search: text with its trailing slash, empty for the current one.
 * `hwcaps`: it is searched by processors of this `$PLATFORM` only.
 */
export type SearchDirectory = { readonly text: string; readonly hwcaps: string | null };

/**
 * Splits a list of directories and expands the tokens in it, elf/dl-load.c `fillin_rpath`: an empty element is the
 * current directory, one whose token has no value is dropped, a directory counts once.
 * `$PLATFORM` gives one directory for the least processor and one for each better one.
 */
export function searchDirectories(
  context: LoadContext,
  list: string,
  options: { separator: RegExp; origin: string | null; where: string },
): SearchDirectory[] {
  const [least = null, ...better] = context.machine.platforms;
  const lib = libToken(context);
  const result = new Map<string, SearchDirectory>();
  for (const element of list.split(options.separator)) {
    const platforms = element.includes('PLATFORM') ? [...better, least] : [least];
    for (const platform of platforms) {
      const text = directoryText(element, { origin: options.origin, lib, platform });
      if (text === null) tokenUnknown(context, element, options.where);
      else if (!result.has(text)) result.set(text, { text, hwcaps: platform === least ? null : platform });
    }
  }
  return [...result.values()];
}

function directoryText(element: string, values: TokenValues): string | null {
  if (element === '') return '';
  const expanded = expandGlibcTokens(element, values);
  return expanded === null || expanded === '' ? null : `${withoutTrailing(expanded, '/')}/`;
}

function tokenUnknown({ diagnostics }: LoadContext, element: string, path: string): void {
  const message = `cannot use ${element}: the loader knows no value for it`;
  if (diagnostics.some((known) => known.path === path && known.message === message)) return;
  diagnostics.push({ code: 'token-unknown', message, path });
}

/**
 * The default directories: those in the loader's own bytes, else Debian's multiarch ones where the tree has them,
 * else all that are usual for the class.
 */
export function systemDirectories({ facts, machine, tree, program }: LoadContext): string[] {
  if (facts.systemDirectories !== null) return [...facts.systemDirectories];
  const multiarch = machine.multiarch.find((name) => tree.list(imagePath(`/usr/lib/${name}`)).length > 0);
  if (multiarch !== undefined) return [`/lib/${multiarch}/`, `/usr/lib/${multiarch}/`, '/lib/', '/usr/lib/'];
  const wide = program.elf.header.format.bits === 64 ? ['/lib64/', '/usr/lib64/'] : [];
  return [...wide, '/lib/', '/usr/lib/'];
}

/**
 * `$LIB`: the last name of the loader's library directory (elf/Makefile `DL_DST_LIB`), which is the first default one;
 * Debian's is patched to keep `lib/` before its multiarch name.
 */
export function libToken(context: LoadContext): string {
  const first = systemDirectories(context)[0] ?? '/lib/';
  return /(?:^|\/)(lib\/[^/]+-linux-[^/]+|[^/]+)\/$/.exec(first)?.[1] ?? 'lib';
}

/** The values of the tokens in a name that an object asks for, on the least processor. */
export function tokenValues(context: LoadContext, map: LinkMap): TokenValues {
  return { origin: map.origin, lib: libToken(context), platform: context.machine.platforms[0] ?? null };
}
