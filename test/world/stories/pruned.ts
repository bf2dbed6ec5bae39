import { TOOLS } from '../base.ts';
import { answers, prints, type Story } from '../story.ts';

/** A stage of COPY lines over a base whose stage has a name. */
const over = (...lines: readonly string[]) => ['FROM base:1 AS build', 'FROM scratch', ...lines];

const CONF = 'COPY --from=build /etc/app.conf /etc/app.conf';

/** Files that a directory holds, so many that names read worse than a stage that prunes. */
const many = (directory: string, count: number, content = 'x') =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`${directory}/${at + 10}`, content]));

/** An app that reads so many files of a directory. */
const reading = (directory: string, from: number, to: number) => ({
  app: {
    does: [
      ...Array.from({ length: to - from }, (_, at) => `open ${directory}/${from + at}`),
      'open /etc/app.conf',
      'print Hello',
    ],
  },
});

const APP = [
  'COPY --from=build /bin/app /bin/app',
  'COPY --from=build /usr/lib/libc.so.6 /usr/lib/libc.so.6',
  'COPY --from=build /lib64/ld-linux-x86-64.so.2 /lib64/ld-linux-x86-64.so.2',
  CONF,
];

/** Directories of final stages made by hand that lose a part. */
export const PRUNED: readonly Story[] = [
  {
    title: 'a stage that prunes takes a few files out of a directory that stays',
    dockerfile: over(...APP, 'COPY --from=build /opt/data /opt/data'),
    tree: { ...TOOLS, ...many('/opt/data', 10, 'y') },
    programs: reading('/opt/data', 10, 19),
    ends: {
      status: 'slimmed',
      dockerfile: [
        'FROM build AS pruned',
        'RUN rm -rf \\\n    /opt/data/19',
        'COPY --from=pruned /opt/data /opt/data',
      ],
    },
    next: [
      { ends: { status: 'unchanged' } },
      { options: { redo: true }, ends: { status: 'unchanged', dockerfile: ['FROM build AS pruned'] } },
      { verb: 'verify', ends: { status: 'unchanged' } },
    ],
  },
  {
    title: 'two stages that prune get two names',
    dockerfile: [
      'FROM base:1 AS build',
      'FROM other:1 AS pruned',
      'FROM scratch',
      ...APP,
      'COPY --from=build /opt/data /opt/data',
      'COPY --from=pruned /opt/other /opt/other',
    ],
    images: {
      'other:1': { tree: { ...TOOLS, '/bin/sh': TOOLS['/bin/rm'], ...many('/opt/other', 12, 'z') } },
    },
    tree: { ...TOOLS, ...many('/opt/data', 12, 'y') },
    programs: {
      app: {
        does: [
          ...reading('/opt/data', 10, 21).app.does.slice(0, -2),
          ...reading('/opt/other', 10, 21).app.does,
        ],
      },
    },
    ends: { status: 'slimmed', dockerfile: ['AS pruned2', 'AS pruned3', '/opt/data/21', '/opt/other/21'] },
    next: [{ options: { redo: true }, ends: { status: 'unchanged' } }],
  },
  {
    title: 'links of a directory stay links where the author copies the directory',
    dockerfile: over(...APP, 'COPY --from=build /opt /opt', 'COPY --from=build /usr/share /usr/share'),
    tree: {
      ...TOOLS,
      '/opt/a/one': 'x',
      '/opt/a/two': 'symlink one',
      '/opt/a/gone': 'symlink /nowhere/at/all',
      '/opt/b/three': 'z',
      '/opt/c': 'symlink a',
      '/opt/empty': 'directory',
      ...many('/opt/a', 12),
    },
    programs: {
      app: {
        does: [
          'same /opt/a/two x',
          'open /opt/c/10',
          'open /opt/b/three',
          ...reading('/opt/a', 10, 22).app.does,
        ],
      },
    },
    ends: {
      status: 'slimmed',
      dockerfile: ['COPY --from=build /opt /opt'],
      without: ['/usr/share /usr/share'],
    },
    next: [{ ends: { status: 'unchanged' } }],
  },
  {
    title: 'a link whose file goes is pruned with it',
    dockerfile: over(...APP, 'COPY --from=build /opt/data /opt/data'),
    tree: {
      ...TOOLS,
      ...many('/opt/data', 14, 'y'),
      '/opt/data/big': 'b'.repeat(100),
      '/opt/data/link': 'symlink big',
      '/opt/data/sub/one': '1',
    },
    programs: reading('/opt/data', 10, 24),
    config: 'drop: [/opt/data/sub]\n',
    ends: { status: 'slimmed', dockerfile: ['/opt/data/big', '/opt/data/link', '/opt/data/sub'] },
  },
  {
    title: 'no stage prunes where the base has no rm',
    dockerfile: over(...APP, 'COPY --from=build /opt/data /opt/data'),
    tree: many('/opt/data', 10, 'y'),
    programs: reading('/opt/data', 10, 19),
    ends: { status: 'slimmed', without: ['pruned', '/opt/data/19'], dockerfile: ['/opt/data/18'] },
  },
  {
    title: 'no stage prunes for a name that a RUN line cannot hold',
    dockerfile: over(...APP, 'COPY --from=build /opt/data /opt/data'),
    tree: { ...TOOLS, ...many('/opt/data', 9, 'y'), "/opt/data/it's": 'q' },
    programs: reading('/opt/data', 10, 19),
    ends: { status: 'slimmed', without: ['pruned', "it's"] },
  },
  {
    title: 'a directory that arrives under another name',
    dockerfile: over(...APP, 'COPY --from=build /opt/data /srv/data'),
    tree: { ...TOOLS, ...many('/opt/data', 10, 'y') },
    programs: reading('/srv/data', 10, 19),
    ends: { status: 'slimmed', dockerfile: ['COPY --from=pruned /opt/data /srv/data'] },
  },
  {
    title: 'a pattern of files is cut down to the names that stay',
    dockerfile: over(...APP, 'COPY --from=build /opt/data/1* /opt/data/'),
    tree: many('/opt/data', 10, 'y'),
    programs: reading('/opt/data', 10, 12),
    ends: { status: 'slimmed', dockerfile: ['COPY --from=build /opt/data/10 /opt/data/11 /opt/data/'] },
  },
  {
    title: 'a pattern of which the app lists every directory stays a pattern',
    dockerfile: over(...APP, 'COPY --from=build /opt/data* /opt/', 'COPY --from=build /usr/share /usr/share'),
    tree: { '/opt/data1/a/one': 'x', '/opt/data2/b/two': 'y' },
    programs: {
      app: {
        does: [
          'list /opt',
          'list /opt/a',
          'list /opt/b',
          'open /opt/a/one',
          'open /opt/b/two',
          'open /etc/app.conf',
          'print Hello',
        ],
      },
    },
    ends: {
      status: 'slimmed',
      dockerfile: ['COPY --from=build /opt/data* /opt/'],
      without: ['/usr/share /usr/share'],
    },
  },
  {
    title: 'what keep names of a pattern stays a pattern',
    dockerfile: over(...APP, 'COPY --from=build /opt/data* /opt/', 'COPY --from=build /usr/share /usr/share'),
    tree: { '/opt/data1': 'x', '/opt/data2': 'y' },
    config: 'keep: [/opt/data1, /opt/data2]\n',
    ends: { status: 'slimmed', dockerfile: ['COPY --from=build /opt/data* /opt/'], without: ['/usr/share'] },
  },
  {
    title: 'of two lines for one file the later wins',
    dockerfile: over(
      ...APP,
      'COPY --from=build /srv/index.html /etc/app.conf',
      'COPY --from=build /usr /usr2',
    ),
    programs: { app: { does: ['same /etc/app.conf <h1>Hello</h1>\n', 'print Hello'] } },
    ends: { status: 'slimmed', dockerfile: ['COPY --from=build /srv/index.html /etc/app.conf'] },
  },
  {
    title: 'a link in the place of a directory leads the later lines',
    dockerfile: over('COPY --from=build / /', 'COPY --from=build /srv/index.html /data/index.html'),
    tree: { '/data': 'symlink srv', '/srv': 'directory' },
    cmd: ['/bin/server'],
    programs: {
      server: { does: ['open /etc/app.conf', 'listen 8080'], http: { 'GET /': ['cat /data/index.html'] } },
    },
    readme: answers('<h1>Hello</h1>'),
    ends: { status: 'slimmed', dockerfile: ['index.html'] },
  },
  {
    title: 'a stage that drops what a whole directory holds',
    dockerfile: over(
      'COPY --from=build /bin/app /bin/sh /bin/',
      ...APP.slice(1),
      'COPY --from=build /opt /opt',
    ),
    tree: {
      '/opt/a/one': '1',
      '/opt/a/two': '2',
      '/opt/b/three': '3',
      '/opt/b/four': '4',
      '/opt/c': 'link /opt/b/four',
    },
    programs: {
      app: {
        does: ['open /opt/a/one', 'open /opt/a/two', 'open /opt/b/four', 'open /etc/app.conf', 'print Hello'],
      },
    },
    readme: prints('Hello'),
    ends: { status: 'slimmed', dockerfile: ['/opt/a'], without: ['/opt/b/three', '/bin/sh'] },
  },
];
