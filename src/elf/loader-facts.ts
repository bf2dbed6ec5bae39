import { type ByteSource, latin1 } from './byte-source.ts';
import { PT_LOAD, type Segment } from './program-headers.ts';

/** The compiled-in settings of a dynamic loader, as far as its bytes show them. */
export type LoaderFacts = {
  readonly libc: 'glibc' | 'musl';
  /** glibc's release as major and minor; null before 2.33, whose loader does not say it. */
  readonly version: readonly [number, number] | null;
  /** The default directories, each with a trailing slash, in order; null where none were found. */
  readonly systemDirectories: readonly string[] | null;
  /** Whether it searches `glibc-hwcaps/`: glibc 2.33. */
  readonly glibcHwcaps: boolean;
};

/** A loader is 200 to 800 KB; of anything longer no more than this is looked at. */
const MAX_BYTES = 4 << 20;

/**
 * Finds the strings in the read-only segments of a loader: `system_dirs` is one block of NUL-terminated directories
 * (elf/dl-load.c, elf/gen-trusted-dirs.awk), the release is in the text of `--version` (elf/dl-usage.c), and musl
 * names itself in its usage message (ldso/dynlink.c `__dls3`).
 */
export function readLoaderFacts(source: ByteSource, segments: readonly Segment[]): LoaderFacts {
  const text = readOnlyText(source, segments);
  const release = /release version (\d{1,3})\.(\d{1,3})/.exec(text);
  return {
    libc: text.includes('musl libc (') ? 'musl' : 'glibc',
    version: release === null ? null : [Number(release[1]), Number(release[2])],
    systemDirectories: systemDirectoriesIn(text),
    glibcHwcaps: text.includes('glibc-hwcaps'),
  };
}

function readOnlyText(source: ByteSource, segments: readonly Segment[]): string {
  const parts: string[] = [];
  let left = Math.min(MAX_BYTES, source.size);
  for (const { type, writable, offset, fileSize } of segments) {
    if (type !== PT_LOAD || writable || offset >= source.size || left <= 0) continue;
    const part = source.read(offset, Math.min(fileSize, left));
    left -= part.length;
    parts.push(latin1(part));
  }
  return parts.join('\0');
}

function systemDirectoriesIn(text: string): string[] | null {
  for (const block of text.matchAll(/(?<=\0)(?:\/(?:[!-~]{0,1024}\/)?\0){1,64}/g)) {
    const directories = block[0].split('\0').filter((directory) => directory !== '');
    if (directories.some((directory) => /\/lib\w*\//.test(directory))) return directories;
  }
  return null;
}

/** Whether a glibc is at least 2.`minor`. One that does not say its release is older than 2.33, and taken for 2.32. */
export function isAtLeast(facts: LoaderFacts, minor: number): boolean {
  const [major, current] = facts.version ?? [2, 32];
  return major > 2 || current >= minor;
}
