import type { CacheEntry, LdSoCache } from './ld-so-cache.ts';

/** What the cache answers for a name: the path for every processor, and those for better ones. */
export type CacheAnswer = {
  readonly path: string | null;
  readonly variants: readonly { readonly hwcaps: string; readonly path: string }[];
};

/**
 * What the loader would take from the cache. `flags` are those that its machine takes (null: any);
 * `legacy`: whether it still reads the hardware capability bits, as glibc does before 2.37.
 * The rule is elf/dl-cache.c `search_cache`: it skips entries of other machines. In the new format the first entry
 * without capabilities ends the search, in the old format the first entry with the machine's flags.
 */
export function lookUpInCache(
  cache: LdSoCache,
  name: string,
  loader: { flags: readonly number[] | null; legacy: boolean },
): CacheAnswer {
  let path: string | null = null;
  const variants: { hwcaps: string; path: string }[] = [];
  for (const entry of searchCache(cache, name)) {
    if (loader.flags !== null && !loader.flags.includes(entry.flags)) continue;
    if (entry.hwcaps !== null) variants.push({ hwcaps: entry.hwcaps, path: entry.path });
    else if (entry.legacyHwcap !== 0n) {
      if (loader.legacy)
        variants.push({ hwcaps: `hwcap ${entry.legacyHwcap.toString(16)}`, path: entry.path });
    } else {
      path = entry.path;
      if (cache.format === 'new' || loader.flags === null || entry.flags === loader.flags[0]) break;
    }
  }
  return { path, variants };
}

/**
 * The entries of a name, in the order of the file. The search relies on a table in the order of
 * `compareCacheNames`; in another order it finds nothing, as elf/dl-cache.c `search_cache`.
 */
export function searchCache(cache: LdSoCache, name: string): CacheEntry[] {
  const { entries } = cache;
  const compare = (index: number) => compareCacheNames(name, entries[index]?.name ?? '');
  let left = 0;
  let right = entries.length - 1;
  while (left <= right) {
    const middle = Math.floor((left + right) / 2);
    const order = compare(middle);
    if (order === 0) {
      let first = middle;
      while (first > 0 && compare(first - 1) === 0) first--;
      let end = middle + 1;
      while (end <= right && compare(end) === 0) end++;
      return entries.slice(first, end);
    }
    if (order < 0) left = middle + 1;
    else right = middle - 1;
  }
  return [];
}

/** elf/dl-cache.c `_dl_cache_libcmp`: runs of digits compare as numbers, a digit comes after any other character. */
export function compareCacheNames(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length) {
    const inA = digitsAt(a, i);
    const inB = digitsAt(b, j);
    if (inA !== '' && inB !== '') {
      if (Number(inA) !== Number(inB)) return Number(inA) - Number(inB);
      i += inA.length;
      j += inB.length;
    } else if (inA !== '') return 1;
    else if (inB !== '') return -1;
    else if (a[i] !== b[j]) return (a.charCodeAt(i) || 0) - (b.charCodeAt(j) || 0);
    else {
      i++;
      j++;
    }
  }
  return j < b.length ? -b.charCodeAt(j) : 0;
}

function digitsAt(text: string, at: number): string {
  let end = at;
  while (end < text.length && text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end++;
  return text.slice(at, end);
}
