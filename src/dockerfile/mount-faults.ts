import { nearestMatch } from '../shared/nearest-match.ts';
import { csvFields } from './run-mount.ts';

const TYPES = ['bind', 'cache', 'tmpfs', 'secret', 'ssh'];
const SWITCHES = ['readonly', 'ro', 'readwrite', 'rw', 'required'];
const TEXTS = [
  'type',
  'from',
  'source',
  'src',
  'target',
  'dst',
  'destination',
  'id',
  'sharing',
  'size',
  'mode',
];
const KEYS = [...TEXTS, 'uid', 'gid', 'env', ...SWITCHES];
/** Go's strconv.ParseBool. */
const BOOLEAN = /^(?:[01tTfF]|true|TRUE|True|false|FALSE|False)$/;

/** Keys with a rule about their value; a value that no rule can know is left alone. */
const VALUES: Readonly<Record<string, RegExp>> = {
  sharing: /^(?:shared|private|locked)$/i,
  mode: /^[0-7]+$/,
  uid: /^\d+$/,
  gid: /^\d+$/,
  ...Object.fromEntries(SWITCHES.map((key) => [key, BOOLEAN])),
};

/**
 * Why BuildKit refuses a `RUN --mount`; null where it takes it. Source: frontend/dockerfile/instructions,
 * commands_runmount.go.
 * @param expand a field's value with its variables expanded; null where it depends on what is not known
 */
export function mountFault(text: string, expand: (written: string) => string | null): string | null {
  let type: string | null = 'bind';
  const keys = new Set<string>();
  for (const field of csvFields(text)) {
    const [written = '', raw] = field.split(/=(.*)/s);
    const key = written.toLowerCase();
    if (!KEYS.includes(key)) return unknown('key', key, KEYS);
    keys.add(key);
    if (raw === undefined && !SWITCHES.includes(key)) return `the key ${key} of --mount needs a value`;
    const value = raw === undefined ? 'true' : expand(raw);
    if (key === 'type') {
      type = value?.toLowerCase() ?? null;
      if (type !== null && !TYPES.includes(type)) return unknown('type', type, TYPES);
    }
    if (type !== null && !allows(type, key)) return `a mount of the type ${type} takes no key ${key}`;
    const rule = VALUES[key];
    if (rule !== undefined && value !== null && !rule.test(value))
      return `the key ${key} of --mount cannot be ${value}`;
  }
  return type === null ? null : wholeFault(type, keys);
}

/** What BuildKit refuses as soon as it reads the key, by the type that is given before it. */
function allows(type: string, key: string): boolean {
  if (key === 'required') return type === 'secret' || type === 'ssh';
  return key !== 'size' || type === 'tmpfs';
}

/** What it refuses once all keys are read. */
function wholeFault(type: string, keys: ReadonlySet<string>): string | null {
  const has = (...some: string[]) => some.some((key) => keys.has(key));
  const hasOwner = type === 'secret' || type === 'ssh' || type === 'cache';
  const owner = ['mode', 'uid', 'gid'].find((key) => keys.has(key));
  if (!hasOwner && owner !== undefined) return `a mount of the type ${type} takes no key ${owner}`;
  if (type !== 'cache' && has('sharing')) return `a mount of the type ${type} takes no key sharing`;
  if (type !== 'secret') return null;
  if (has('from')) return 'a mount of the type secret takes no key from';
  return has('source', 'src', 'target', 'dst', 'destination', 'id')
    ? null
    : 'a mount of the type secret needs an id or a target';
}

function unknown(what: string, word: string, known: readonly string[]): string {
  const nearest = nearestMatch(word, known);
  return `--mount has no ${what} ${word}${nearest === undefined ? '' : `: did you mean ${nearest}?`}`;
}
