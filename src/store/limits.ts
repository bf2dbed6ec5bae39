/** The parser of YAML refuses a longer text, and would call it a mistake of the author: `MAX_YAML_LENGTH`. */
const YAML = 128 * 1024;

/** What each kind of file may have at most, in bytes. People write all but the last five by hand. */
export const FILE_LIMITS = {
  Kraftfile: YAML,
  Dockerfile: 4 * 1024 ** 2,
  README: 4 * 1024 ** 2,
  'kraft-slim.yaml': YAML,
  'ignore file': 1024 ** 2,
  'catalog file': 16 * 1024 ** 2,
  'root list': 64 * 1024 ** 2,
  'state file': 64 * 1024 ** 2,
  baseline: 16 * 1024 ** 2,
  journal: 256 * 1024 ** 2,
  'sweep document': 256 * 1024 ** 2,
} as const;

/** A kind of file that the tool reads as a whole; messages name it. */
export type FileKind = keyof typeof FILE_LIMITS;

/** A number of bytes for people: `4 MiB`. */
export function showLimit(bytes: number): string {
  return bytes >= 1024 ** 2 ? `${bytes / 1024 ** 2} MiB` : `${bytes / 1024} KiB`;
}
