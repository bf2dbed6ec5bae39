/** A change of version, as an entry's texts have it. */
export type VersionMove = {
  /**
   * The version in the entry's name, and what has it, by all of its names: `nodejs` and `node`, from `18` to `20`. null
   * where the name stays.
   */
  readonly version: {
    readonly of: readonly [string, ...string[]];
    readonly from: string;
    readonly to: string;
  } | null;
  /**
   * The names of entries, whole tags, versions in tags and digests: all that stands for itself. A name that moves to
   * itself keeps what is in it.
   */
  readonly names: readonly (readonly [from: string, to: string])[];
};

/**
 * A text with every occurrence of a version moved. Longer names go before what is in them, and nothing is moved
 * twice. A version of one part, the `18` of `node:18`, is moved where it stands behind its name alone, since the
 * number may mean anything elsewhere.
 */
export function moveVersion(text: string, { version, names }: VersionMove): string {
  const pairs = version === null ? names : [...names, [version.from, version.to] as const];
  const table = new Map(pairs.filter(([from]) => !isBare(from)));
  const named = [...table.keys()].sort((a, b) => b.length - a.length);
  const patterns = named.map((name) => `(?<![\\d.])${escapePattern(name)}(?!\\.?\\d)`);
  const bare = version !== null && isBare(version.from) ? version : null;
  if (bare !== null) patterns.push(behindName(bare.of, bare.from));
  if (patterns.length === 0) return text;
  const isBareHere = (found: string) => bare !== null && found === bare.from;
  return text.replace(new RegExp(patterns.join('|'), 'gi'), (found) =>
    isBareHere(found) ? (bare?.to ?? found) : (table.get(found) ?? found),
  );
}

/** A number alone, whose meaning is unknown. */
function isBare(version: string): boolean {
  return /^\d+$/.test(version);
}

/** `node:18`, `node/18`, `node18`, `Node.js 18`, `NODE_VERSION=18`, `node_18.x`, `VERSION=18`. */
function behindName(of: readonly string[], version: string): string {
  const names = of.map(escapePattern).join('|');
  const name = `(?<![\\w+])(?:${names})(?:\\.?js)?(?:[-_ ]?v(?:ersion)?)?[-_:/= "']{0,2}`;
  return `(?<=${name}|\\bversion[= ]["']?)${escapePattern(version)}(?!\\.?\\d)`;
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
