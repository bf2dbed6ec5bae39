/** Factors of the suffixes of a Kubernetes quantity, in which kraft gives memory; kraft's own `K` beside the `k`. */
const FACTORS: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
};

/** A number of bytes as it is written, more than none: `512M` (of a million bytes each), `1Gi`, `64000000`. */
export const BYTE_SIZE = /^([1-9]\d*(?:\.\d+)?)(|k|K|M|G|Ki|Mi|Gi)$/;

/** Reads a size as kraft does, to whole bytes; undefined where it is none. */
export function parseByteSize(text: string): number | undefined {
  const [, number, suffix = ''] = BYTE_SIZE.exec(text) ?? [];
  return number === undefined ? undefined : Math.ceil(Number(number) * (FACTORS[suffix] ?? 1));
}

/** Bytes in megabytes of 10^6, as the catalog counts them. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e6 ? 2 : 1)} MB`;
}
