/** The longest name of an image, in characters: distribution/reference, NameTotalLengthMax. */
const MAX_NAME = 255;
const DOMAIN_PART = '(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)';
const DOMAIN = new RegExp(`^(?:${DOMAIN_PART}(?:\\.${DOMAIN_PART})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`);
const PATH_PART = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST_LENGTHS: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/**
 * Why a text is no reference to an image; null where it is one. Source: distribution/reference, ParseNormalizedNamed,
 * which BuildKit takes for the base of every stage and the source of every `--from` that is no stage.
 */
export function referenceFault(text: string): string | null {
  const [beforeDigest = '', digest, ...more] = text.split('@');
  if (more.length > 0) return 'it has two digests';
  if (digest !== undefined && !isDigest(digest)) return `its digest ${digest} is malformed`;
  const slash = beforeDigest.lastIndexOf('/');
  const colon = beforeDigest.indexOf(':', slash + 1);
  const name = colon < 0 ? beforeDigest : beforeDigest.slice(0, colon);
  const tag = colon < 0 ? null : beforeDigest.slice(colon + 1);
  if (tag === '') return 'its tag is empty';
  if (tag !== null && !TAG.test(tag)) return `its tag ${tag} is malformed`;
  return nameFault(name);
}

/** Whether a text is a digest of a known algorithm. Source: opencontainers/go-digest. */
export function isDigest(text: string): boolean {
  const [algorithm = '', hex = ''] = text.split(/:(.*)/s);
  const length = Object.hasOwn(DIGEST_LENGTHS, algorithm) ? DIGEST_LENGTHS[algorithm] : undefined;
  return hex.length === length && /^[a-f0-9]*$/.test(hex);
}

function nameFault(name: string): string | null {
  if (name === '') return 'it has no name';
  if (name.length > MAX_NAME) return `its name is longer than ${MAX_NAME} characters`;
  if (/^[a-f0-9]{64}$/.test(name)) return 'its name looks like an image ID';
  const [first = '', ...rest] = name.split('/');
  const isDomain =
    rest.length > 0 && (/[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first);
  if (isDomain && !DOMAIN.test(first)) return `its registry ${first} is malformed`;
  const path = isDomain ? rest : [first, ...rest];
  if (path.some((part) => part.toLowerCase() !== part)) return 'its name must be lower-case';
  return path.every((part) => PATH_PART.test(part)) ? null : 'its name is malformed';
}
