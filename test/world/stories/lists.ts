import { TOOLS } from '../base.ts';
import { prints, type Story } from '../story.ts';

/** Directories with a file each: more than anyone reads lines. */
const scattered = (count: number, top = '/opt') =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`${top}/${at + 100}/file`, `${at}`]));

const unread = (count: number, top = '/opt') =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`${top}/${at + 100}/unread`, `${at}`]));

const READS = (count: number, top = '/opt') =>
  Array.from({ length: count }, (_, at) => `open ${top}/${at + 100}/file`);

const reading = (count: number, ...more: readonly string[]) => ({
  app: { does: [...READS(count), ...more, 'open /etc/app.conf', 'print Hello'] },
});

const MANY = { tree: { ...TOOLS, ...scattered(70), ...unread(70) }, programs: reading(70) } as const;

/** Root file systems of more lines than a reader reads, which a stage assembles from a list. */
export const LISTS: readonly Story[] = [
  {
    title: 'a root of many directories is assembled from a list',
    ...MANY,
    ends: {
      status: 'slimmed',
      written: ['rootfs.list', 'Dockerfile'],
      dockerfile: ['FROM build AS rootfs', 'COPY --from=rootfs /.rootfs/root/ /'],
      files: { 'rootfs.list': '/opt/100/file\n' },
    },
    next: [
      { ends: { status: 'unchanged', written: [] } },
      { options: { redo: true }, ends: { status: 'unchanged' } },
      { verb: 'verify', ends: { status: 'unchanged' } },
      {
        options: { redo: true },
        edits: {
          'kraft-slim.yaml': "drop: ['/opt/**']\nworkload: {probes: [{kind: output, expect: Hello}]}\n",
        },
        ends: { status: 'failed', code: 'verify-failed' },
      },
    ],
  },
  {
    title: 'a list goes where the result gets few lines',
    ...MANY,
    programs: {
      app: {
        does: [...READS(70).map((line) => line.replace('open', 'try')), 'open /etc/app.conf', 'print Hello'],
      },
    },
    ends: { status: 'slimmed' },
    next: [
      {
        edits: { 'kraft-slim.yaml': "drop: ['/opt/**']\n" },
        ends: { status: 'slimmed', result: { removed: ['rootfs.list'] }, without: ['AS rootfs'] },
      },
    ],
  },
  {
    title: 'an ignore file that hides everything shows the list',
    ...MANY,
    files: { '.dockerignore': '*\n' },
    ends: { status: 'slimmed', files: { '.dockerignore': 'rootfs.list' } },
    next: [{ ends: { status: 'unchanged' } }],
  },
  {
    title: 'a file of the list that the author made stays, and lines take its place',
    ...MANY,
    files: { 'rootfs.list': 'mine\n' },
    ends: { status: 'slimmed', without: ['AS rootfs'], files: { 'rootfs.list': 'mine' } },
  },
  {
    title: 'lines take the place of a list where the base has no tar',
    tree: { ...scattered(70), ...unread(70) },
    programs: reading(70),
    ends: { status: 'slimmed', without: ['AS rootfs'], dockerfile: ['/opt/169/file'] },
  },
  {
    title: 'a tar that is not GNU tar assembles no root',
    tree: { ...TOOLS, '/bin/tar': TOOLS['/bin/rm'], ...scattered(70), ...unread(70) },
    programs: reading(70),
    ends: { status: 'slimmed', without: ['AS rootfs'] },
  },
  {
    title: 'a base without a shell assembles no root',
    images: {
      'bare:1': {
        tree: {
          ...TOOLS,
          ...scattered(70),
          ...unread(70),
          '/bin/app': TOOLS['/bin/rm'],
          '/etc/app.conf': 'x',
        },
      },
    },
    dockerfile: ['FROM bare:1'],
    cmd: ['/bin/rm'],
    programs: { rm: { does: [...READS(70), 'print Hello'] } },
    ends: { status: 'slimmed', without: ['AS rootfs'] },
  },
  {
    title: 'more lines than an engine builds are refused where no list can take their place',
    tree: { ...scattered(130), ...unread(130) },
    programs: reading(130),
    ends: {
      status: 'failed',
      code: 'build-failed',
      reason: 'each needs a layer',
      hint: 'the image has no tar',
    },
  },
  {
    title: 'a list keeps the mode of a directory that the app writes into after it changed its user',
    tree: { ...TOOLS, '/var/private': 'directory 700', '/var/private/deep': 'directory 711' },
    programs: {
      app: {
        does: [
          'call setuid(33) = 0',
          'write /var/private/deep/x 1',
          'list /var/private',
          'open /etc/app.conf',
          'print Hello',
        ],
      },
    },
    ends: {
      status: 'slimmed',
      warnings: ['user-change'],
      dockerfile: ['AS rootfs'],
      files: { 'rootfs.list': '/var/private/' },
    },
    next: [{ verb: 'verify', ends: { status: 'unchanged' } }],
  },
  {
    title: 'links stay links where a program writes through one',
    tree: {
      ...TOOLS,
      '/var/log': 'symlink /srv/log',
      '/srv/log': 'directory',
      '/srv/log/old': '1',
      '/etc/zone': 'symlink /usr/share/zone',
      '/usr/share/zone': 'UTC',
    },
    programs: {
      app: {
        does: [
          'write /var/log/app.log x',
          'open /etc/zone',
          'readlink /etc/zone',
          'open /etc/app.conf',
          'print Hello',
        ],
      },
    },
    ends: { status: 'slimmed', dockerfile: ['AS rootfs'], files: { 'rootfs.list': '/var/log\n' } },
    next: [
      { verb: 'verify', ends: { status: 'unchanged' } },
      { options: { redo: true }, ends: { status: 'unchanged' } },
    ],
  },
  {
    title: 'a stage named rootfs gives the new stage another name',
    dockerfile: ['FROM base:1 AS rootfs', 'FROM rootfs AS build', 'FROM build'],
    ...MANY,
    ends: { status: 'slimmed', dockerfile: ['AS rootfs2'] },
  },
  {
    title: 'a place that the image has gives the list another place',
    ...MANY,
    tree: { ...MANY.tree, '/.rootfs': 'directory' },
    ends: { status: 'slimmed', dockerfile: ['/.rootfs2/root/ /'] },
  },
  {
    title: 'a hand-made stage of many lines is assembled from a list, but for its whole directories',
    dockerfile: [
      'FROM base:1 AS build',
      'FROM scratch',
      'COPY --from=build / /',
      'COPY site /srv/site',
      'COPY --from=build /var/whole /srv/whole',
    ],
    files: { 'site/a.html': 'a', 'site/b.html': 'b' },
    ...MANY,
    tree: { ...MANY.tree, '/var/whole/a': 'a', '/var/whole/b': 'b', '/var/empty': 'directory' },
    programs: reading(70, 'list /var/empty', 'list /srv/whole', 'open /srv/whole/a', 'open /srv/whole/b'),
    ends: {
      status: 'slimmed',
      dockerfile: ['AS rootfs', 'COPY --from=rootfs /.rootfs/root/ /', 'COPY site /srv/site'],
      files: { 'rootfs.list': '/opt/100/file\n' },
    },
    next: [
      { options: { redo: true }, ends: { status: 'unchanged' } },
      { verb: 'verify', ends: { status: 'unchanged' } },
    ],
  },
  {
    title: 'a hand-made stage whose base has no name gets lines',
    dockerfile: ['FROM base:1', 'FROM scratch', 'COPY --from=0 / /'],
    ...MANY,
    ends: { status: 'slimmed', without: ['AS rootfs'], dockerfile: ['COPY --from=0 /opt/100/file'] },
  },
  {
    title: 'a hand-made stage over a base without tar gets lines',
    dockerfile: ['FROM base:1 AS build', 'FROM scratch', 'COPY --from=build / /'],
    tree: { ...scattered(70), ...unread(70) },
    programs: reading(70),
    ends: { status: 'slimmed', without: ['AS rootfs'], dockerfile: ['COPY --from=build /opt/100/file'] },
  },
  {
    title: 'a hand-made stage that no engine would build is refused',
    dockerfile: ['FROM base:1 AS build', 'FROM scratch', 'COPY --from=build / /'],
    tree: { ...scattered(130), ...unread(130) },
    programs: reading(130),
    ends: { status: 'failed', code: 'build-failed', reason: 'each needs a layer' },
  },
  {
    title: 'a name with a line break has no place in a list',
    ...MANY,
    tree: { ...MANY.tree, '/etc/two\nlines': 'x' },
    config: 'keep: ["/etc/two*"]\n',
    ends: { status: 'slimmed', without: ['AS rootfs'] },
  },
  {
    title: 'a name that COPY would take for a pattern is written so that it means itself',
    tree: { '/srv/a[1].html': 'x', '/srv/b$x.html': 'y', '/srv/c\\d*.html': 'z', "/srv/it's": 'q' },
    config: "keep: ['/srv/*']\n",
    readme: prints('Hello'),
    ends: { status: 'slimmed', dockerfile: ['a[[]1].html', 'b\\\\$x.html'] },
    next: [{ verb: 'verify', ends: { status: 'unchanged' } }],
  },
  {
    title: 'the environment of an app is quoted where it must be',
    dockerfile: ['FROM base:1', 'ENV WORDS="two words \\$HOME \\"x\\""'],
    programs: { app: { does: ['env WORDS', 'open /etc/app.conf', 'print Hello'] } },
    readme: prints('Hello'),
    config: 'workload: {probes: [{kind: output, expect: Hello}]}\n',
    ends: { status: 'slimmed', dockerfile: ['ENV PATH=/bin\nENV WORDS="two words \\$HOME \\"x\\""'] },
  },
];
