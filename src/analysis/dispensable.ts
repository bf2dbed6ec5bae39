import type { FileTree } from '../shared/file-tree.ts';
import { resolvePath } from '../shared/file-tree.ts';
import { baseName, type ImagePath, imagePath, isWithin, parentOf, ROOT } from '../shared/image-path.ts';
import type { Promised } from '../shared/promises.ts';
import type { Need } from './need.ts';

/**
 * Paths that a program looks at and that make no difference to it: it goes the same way without them. Only what is
 * known by its source is here; all else that was touched is kept.
 */
export type Dispensable = {
  /** What it is called in `docs/decisions.md`. */
  readonly name: string;
  /** Who looks: a look-up of the dynamic linker says nothing about what the app is for. */
  readonly lookedUpBy: 'loader' | 'app';
  readonly isDispensable: (need: Need, context: DispensableContext) => boolean;
};

export type DispensableContext = {
  readonly tree: FileTree;
  /** Beyond the workload all stays that the app itself has touched: another use may need it. */
  readonly promise: Promised;
  readonly env: Readonly<Record<string, string>>;
  /** The program that runs; null where it is not known. */
  readonly program: ImagePath | null;
  /** Whether some library is found only because ld.so.cache names it. */
  readonly cacheNeeded: boolean;
};

const LD_SO_CACHE = imagePath('/etc/ld.so.cache');
const LOCALTIME = imagePath('/etc/localtime');
/** Names that old and new glibc try below the directories of a RUNPATH, elf/dl-hwcaps.c and sysdeps/x86. */
const PLATFORMS: ReadonlySet<string> = new Set(['x86_64', 'tls', 'haswell', 'xeon_phi', 'avx512_1']);
const ZONES = imagePath('/usr/share/zoneinfo');
const UTC = imagePath('/usr/share/zoneinfo/UTC');

const DISPENSABLE: readonly Dispensable[] = [
  {
    // glibc, elf/dl-load.c, open_path: whether a directory of LD_LIBRARY_PATH exists is asked once, to skip it
    name: 'loader-directory',
    lookedUpBy: 'loader',
    isDispensable: ({ path, reason }, { env }) =>
      reason.kind === 'traced' && reason.how === 'stat' && searchPath(env).includes(path),
  },
  {
    // glibc, elf/dl-load.c, open_path: a directory for the processor is looked for, and nothing else of that name
    name: 'loader-platform',
    lookedUpBy: 'loader',
    isDispensable: ({ path, reason }, { tree, env, program }) =>
      reason.kind === 'traced' &&
      reason.how === 'stat' &&
      [...searchPath(env), ...(program === null ? [] : [parentOf(program)])].includes(parentOf(path)) &&
      PLATFORMS.has(baseName(path)) &&
      resolvePath(tree, path).entry?.type !== 'directory',
  },
  {
    // glibc, elf/dl-load.c, _dl_map_object: without the cache the default directories are searched
    name: 'loader-cache',
    lookedUpBy: 'loader',
    isDispensable: ({ path, reason }, { cacheNeeded }) =>
      reason.kind === 'traced' && path === LD_SO_CACHE && !cacheNeeded,
  },
  {
    // glibc, time/tzset.c, tzset_internal: where there is no file, the time zone is UTC
    name: 'time-zone-utc',
    lookedUpBy: 'app',
    isDispensable: ({ path, reason }, { tree }) =>
      reason.kind === 'traced' && path === LOCALTIME && isUtc(tree),
  },
  {
    // Debian's php, patch use_embedded_timezonedb: an index of all zones is made at every start, by their names; a
    // zone that is used is opened. UTC has to be among them, or it crashes
    name: 'time-zone-index',
    lookedUpBy: 'app',
    isDispensable: ({ path, reason }, { program }) =>
      reason.kind === 'traced' &&
      (reason.how === 'stat' || reason.how === 'listed') &&
      baseName(program ?? ROOT).startsWith('php') &&
      path !== ZONES &&
      path !== UTC &&
      isWithin(path, ZONES),
  },
];

/** Needs less those that make no difference to the workload; of a wider promise only look-ups of the loader go. */
export function withoutDispensable(needs: readonly Need[], context: DispensableContext): Need[] {
  const kinds = DISPENSABLE.filter(
    ({ lookedUpBy }) => lookedUpBy === 'loader' || context.promise === 'workload',
  );
  return needs.filter((need) => !kinds.some(({ isDispensable }) => isDispensable(need, context)));
}

function searchPath({ LD_LIBRARY_PATH = '' }: Readonly<Record<string, string>>): ImagePath[] {
  return LD_LIBRARY_PATH.split(/[:;]/).map((directory) => imagePath(directory));
}

/** Whether /etc/localtime is a TZif file, RFC 9636, without transitions whose rule is UTC. */
function isUtc(tree: FileTree): boolean {
  const { path, entry } = resolvePath(tree, LOCALTIME);
  if (entry?.type !== 'file' || entry.size > 1024) return false;
  const bytes = Buffer.from(tree.read(path));
  if (bytes.length < 44 || bytes.toString('latin1', 0, 4) !== 'TZif') return false;
  return bytes.readUInt32BE(32) === 0 && bytes.toString('latin1').endsWith('\nUTC0\n');
}
