import { executable } from '../program.ts';
import type { Story } from '../story.ts';

/** What a stage needs that assembles a root: a shell, and GNU tar of a version with this option. */
export const TOOLS = {
  '/bin/tar': { content: 'verbatim-files-from', mode: 0o755 },
  '/bin/mkdir': executable('mkdir'),
  '/bin/rm': executable('rm'),
};

/** What a stage assembles from a list, where no COPY lines can make the result. */
export const ASSEMBLED: readonly Story[] = [
  {
    title: 'an app that reads where a link leads keeps the link',
    tree: { ...TOOLS, '/etc/zone': 'symlink /usr/share/zone', '/usr/share/zone': 'UTC' },
    programs: { app: { does: ['readlink /etc/zone', 'print Hello'] } },
    ends: {
      status: 'slimmed',
      dockerfile: ['COPY --from=rootfs /.rootfs/root/ /'],
      files: { 'rootfs.list': '# Configuration\n/etc/zone\n\n# Data\n/usr/share/zone\n' },
      result: {
        verified: true,
        search: { oracleRuns: 0, cacheHits: 0, minimal: 'none', held: 0, implied: 0 },
      },
    },
  },
];
