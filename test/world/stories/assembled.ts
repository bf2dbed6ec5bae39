import { LOADER } from '../base.ts';
import { executable, library } from '../program.ts';
import type { Story } from '../story.ts';

/** What a stage needs that assembles a root: a shell, and GNU tar of a version with this option. */
export const TOOLS = {
  '/bin/tar': { content: 'verbatim-files-from', mode: 0o755 },
  '/bin/mkdir': executable('mkdir'),
  '/bin/rm': executable('rm'),
};

const MODULES = Array.from({ length: 14 }, (_, at) => `/opt/lib/m${at}.rb`);

/** An app that reads each module of a library, but for the tests. */
const LIBRARY = {
  tree: {
    ...TOOLS,
    ...Object.fromEntries(MODULES.map((path) => [path, path])),
    '/opt/lib/test/a.rb': 'test',
    '/opt/lib/test/b.rb': 'test',
  },
  programs: { app: { does: [...MODULES.map((path) => `open ${path}`), 'print Hello'] } },
} satisfies Partial<Story>;

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
  {
    title: 'a program that finds its libraries beside itself keeps the link that starts it',
    tree: {
      ...TOOLS,
      '/usr/bin/java': 'symlink /etc/alternatives/java',
      '/etc/alternatives/java': 'symlink /opt/jdk/bin/java',
      '/opt/jdk/bin/java': executable('app', {
        interpreter: LOADER,
        needed: ['libjli.so'],
        runpath: '$ORIGIN/../lib',
      }),
      '/opt/jdk/lib/libjli.so': library('libjli.so'),
    },
    cmd: ['/usr/bin/java'],
    ends: {
      status: 'slimmed',
      warnings: ['origin-runpath'],
      dockerfile: ['COPY --from=rootfs /.rootfs/root/ /'],
      result: { verified: true },
    },
  },
  {
    ...LIBRARY,
    title: 'a directory of which most is kept is one line',
    ends: {
      status: 'slimmed',
      dockerfile: [
        'FROM build AS pruned\n\n# Not needed at run time\nRUN rm -rf \\\n    /opt/lib/test\n\nFROM scratch',
        'COPY --from=pruned /opt/lib /opt/lib\n',
      ],
      result: { verified: true },
    },
    next: [
      { verb: 'verify', ends: { status: 'unchanged', result: { verified: true } } },
      { options: { redo: true }, ends: { status: 'unchanged' } },
    ],
  },
  {
    ...LIBRARY,
    title: 'a directory has its files named where a RUN cannot remove the rest',
    runs: { 'rm -rf     /opt/lib/test': {} },
    ends: {
      status: 'slimmed',
      dockerfile: ['    /opt/lib/m0.rb \\\n'],
      without: ['AS pruned', 'rm -rf'],
      result: { verified: true },
    },
  },
  {
    title: 'a directory of links to one program is one line, and the program arrives once',
    tree: {
      '/opt/bin/ls': 'symlink /bin/app',
      '/opt/bin/cat': 'symlink /bin/app',
      '/opt/bin/rm': 'symlink /bin/app',
    },
    config: 'keep: [/opt/bin/**]\n',
    ends: {
      status: 'slimmed',
      dockerfile: ['COPY --from=build /opt/bin /opt/bin\n'],
      without: ['/opt/bin/ls'],
      result: { verified: true },
    },
  },
  {
    title: 'a large file of two names that the app opens arrives once where a stage can keep the link',
    tree: {
      ...TOOLS,
      '/srv/data': 'symlink /srv/data-1',
      '/srv/data-1': 'x'.repeat(1100000),
    },
    programs: { app: { does: ['open /srv/data', 'open /srv/data-1', 'print Hello'] } },
    ends: {
      status: 'slimmed',
      files: { 'rootfs.list': '# Data\n/srv/data\n/srv/data-1\n' },
      result: { verified: true },
    },
  },
];
