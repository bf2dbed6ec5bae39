import type { FileTree } from '../../shared/file-tree.ts';
import { type ImagePath, imagePath, isWithin } from '../../shared/image-path.ts';
import { NOTHING, type Rule, type RuleContext } from '../rule.ts';
import { filesBelow, isFile } from './tree-files.ts';

/** Functions that look TZ up, tzset(3); the others of libc that do so are reached through one of these. */
export const USES_ZONE = [
  'tzset',
  'localtime',
  'localtime_r',
  'mktime',
  'timelocal',
  'ctime',
  'ctime_r',
  'strftime',
];

/** musl looks in each of these, src/time/__tz.c; glibc in the first, which is its TZDEFDIR. */
export const ZONE_DIRECTORIES = ['/usr/share/zoneinfo', '/share/zoneinfo', '/etc/zoneinfo'];

/** The same zones a second time: with leap seconds, and without. */
const DUPLICATES = ['right', 'posix'];

/**
 * The zone that TZ names, `Europe/Berlin` or `:Europe/Berlin` or an absolute path, where the program uses local time;
 * in a static program this cannot be seen. Sources: glibc time/tzfile.c, `__tzfile_read` (TZDIR), musl
 * src/time/__tz.c. All zones but their duplicates where the user says that the program uses them.
 */
export const timeZones: Rule = {
  name: 'time-zones',
  needs(context) {
    const { tree, libc, imports, assumes, env } = context;
    const directories = [...(env.TZDIR ? [env.TZDIR] : []), ...ZONE_DIRECTORIES];
    const usesZone = libc === 'none' || imports(...USES_ZONE);
    const zone = usesZone ? zoneFile(context, directories) : undefined;
    const all = assumes('time-zones') ? zoneFiles(tree, directories) : [];
    if (zone === undefined && all.length === 0) return NOTHING;
    return { paths: zone === undefined ? all : [zone, ...all], libraries: [] };
  },
};

/** Every zone of some directories, less the duplicates. */
export function zoneFiles(tree: FileTree, directories: readonly string[]): ImagePath[] {
  return directories.flatMap((directory) => {
    const duplicates = DUPLICATES.map((name) => imagePath(`${directory}/${name}`));
    return filesBelow(tree, directory).filter((path) => !duplicates.some((top) => isWithin(path, top)));
  });
}

/** A rule of POSIX such as `CET-1CEST` may be the name of a file as well, and the file wins. */
function zoneFile({ tree, env }: RuleContext, directories: readonly string[]): ImagePath | undefined {
  const name = (env.TZ ?? '').replace(/^:/, '');
  if (name === '') return undefined;
  const candidates = name.startsWith('/') ? [name] : directories.map((directory) => `${directory}/${name}`);
  const found = candidates.find((path) => isFile(tree, path));
  return found === undefined ? undefined : imagePath(found);
}
