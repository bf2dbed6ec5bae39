/** A float as kraft's YAML library knows it: gopkg.in/yaml.v2, resolve.go, yamlStyleFloat. */
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
/** An integer as Go's strconv.ParseInt reads it in base 0, underscores taken away. */
const INTEGER = /^([-+]?)(?:0[xX]([\da-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9]\d*))$/;
const INFINITE = /^[-+]?\.(?:inf|Inf|INF)$/;
const MAX_UNSIGNED = 2n ** 64n - 1n;
const MIN_SIGNED = -(2n ** 63n);

/**
 * The number that a plain scalar is to gopkg.in/yaml.v2, which reads Kraftfiles: null where it is text, as `e2`, `.e5`,
 * `0x_` and `1e1000` are. Source: resolve.go of yaml.v2 and Go's strconv.
 */
export function goYamlNumber(written: string): number | null {
  if (INFINITE.test(written)) return written.startsWith('-') ? -Infinity : Infinity;
  if (/^\.(?:nan|NaN|NAN)$/.test(written)) return Number.NaN;
  if (written.startsWith('.')) return FLOAT.test(written) ? finite(written) : null;
  if (!/^[-+\d]/.test(written)) return null;
  const plain = written.replaceAll('_', '');
  return integer(plain) ?? (FLOAT.test(plain) ? finite(plain) : null);
}

function integer(plain: string): number | null {
  const [, sign = '', hex, binary, octal, decimal] = INTEGER.exec(plain) ?? [];
  const digits = hex ?? binary ?? octal ?? decimal;
  // longer ones are out of every range, and would take long to read
  if (digits === undefined || digits.length > 100) return null;
  const prefix = hex !== undefined ? '0x' : binary !== undefined ? '0b' : octal !== undefined ? '0o' : '';
  const size = BigInt(`${prefix}${digits}`);
  const value = sign === '-' ? -size : size;
  // only what has no sign may need all 64 bits
  const most = sign === '' ? MAX_UNSIGNED : 2n ** 63n - 1n;
  return value >= MIN_SIGNED && value <= most ? Number(value) : null;
}

/** Go refuses what is out of range, and the scalar stays text. */
function finite(plain: string): number | null {
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}
