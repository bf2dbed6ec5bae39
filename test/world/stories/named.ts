import { TOOLS } from '../base.ts';
import { executable } from '../program.ts';
import { answers, type Story } from '../story.ts';

const SERVER = { cmd: ['/bin/server'], readme: answers('<h1>Hello</h1>') } as const;
const SHRINK = { strategy: 'shrink', aggressive: false, maxRuns: null } as const;
const STORE = { '/bin/store': executable('store') } as const;

/** An app that opens the files of its settings, and then does more. */
const doing = (...steps: readonly string[]) => ({
  app: { does: [...steps, 'open /etc/app.conf', 'print Hello'] },
});

/** Empty files in the place of others, odd names, and what a person adds. */
export const NAMED: readonly Story[] = [
  {
    title: 'no file is made empty where the image has no empty file',
    tree: { '/var/mark': 'x', '/var/mark.py': 'p' },
    programs: doing('stat /var/mark', 'stat /var/mark.py'),
    options: { placeholders: true },
    ends: { status: 'slimmed', dockerfile: ['/var/mark'] },
  },
  {
    title: 'of several empty files the first of the shortest name stands for the others',
    tree: {
      '/var/mark': 'x',
      '/var/b': '',
      '/var/a': '',
      '/var/longer': '',
      '/var/dir/x': 'x',
      '/bin/odd': { content: 'o', mode: 0o711 },
    },
    programs: doing('stat /var/mark', 'stat /var/dir', 'stat /bin/odd'),
    options: { placeholders: true, search: SHRINK },
    ends: { status: 'slimmed', dockerfile: ['COPY --from=build /var/a /var/mark'] },
  },
  {
    title: 'a root of many directories with an empty file in the place of another',
    tree: {
      ...TOOLS,
      ...Object.fromEntries(Array.from({ length: 70 }, (_, at) => [`/opt/${at + 100}/f`, 'x'])),
      ...Object.fromEntries(Array.from({ length: 70 }, (_, at) => [`/opt/${at + 100}/unread`, 'x'])),
      '/var/mark': 'x',
      '/var/nothing': '',
    },
    programs: doing(...Array.from({ length: 70 }, (_, at) => `open /opt/${at + 100}/f`), 'stat /var/mark'),
    options: { placeholders: true },
    ends: { status: 'slimmed', dockerfile: ['AS rootfs', 'COPY --from=build /var/nothing /var/mark'] },
  },
  {
    title: 'a library that only the message of the loader names',
    tree: { '/opt/deep/late.so.1': 'lib' },
    programs: doing(
      'unless /opt/deep/late.so.1 complain error while loading shared libraries: late.so.1: cannot open shared object file',
      'hidden /opt/deep/late.so.1',
    ),
    ends: { status: 'slimmed', dockerfile: ['/opt/deep/late.so.1'] },
  },
  {
    title: 'a person who speaks plain TCP to the app',
    cmd: ['/bin/store'],
    tree: { ...STORE, '/srv/two': '2' },
    config:
      'workload: {ready: {ports: [6000]}, probes: [{kind: tcp, port: 6000, send: "PING\\n", expect: PONG}]}\n',
    programs: {
      store: {
        does: ['open /etc/app.conf', 'listen 6000'],
        tcp: { PING: ['print PONG'], TWO: ['open /srv/two', 'print 2'] },
      },
    },
    visits: async (url) => {
      const { connect } = await import('node:net');
      const { port } = new URL(url);
      await new Promise<void>((resolve) => {
        const socket = connect(Number(port), '127.0.0.1', () => socket.write('TWO\n'));
        socket.once('data', () => socket.end());
        socket.once('close', () => resolve());
      });
    },
    ends: { status: 'slimmed', dockerfile: ['/srv/two'] },
  },
  {
    title: 'a variable of the image that no line can hold',
    images: {
      'odd:1': {
        tree: {
          '/bin/server': executable('server'),
          '/etc/app.conf': 'x',
          '/srv/index.html': '<h1>Hello</h1>\n',
        },
        config: { env: { BAD: 'two\nlines' } },
      },
    },
    dockerfile: ['FROM odd:1'],
    ...SERVER,
    ends: { status: 'failed', code: 'refused', reason: 'BAD', hint: "Kraftfile's env" },
  },
  {
    title: 'a variable of the image whose name no line can hold',
    images: {
      'odd:1': {
        tree: {
          '/bin/server': executable('server'),
          '/etc/app.conf': 'x',
          '/srv/index.html': '<h1>Hello</h1>\n',
        },
        config: { env: { 'BAD NAME': 'x' } },
      },
    },
    dockerfile: ['FROM odd:1'],
    ...SERVER,
    ends: { status: 'failed', code: 'refused', reason: 'no line can contain its name' },
  },
  {
    title: 'an empty directory with a line break in its name',
    tree: { '/var/two\nlines': 'directory' },
    config: 'keep: ["/var/two*"]\n',
    ends: { status: 'failed', code: 'refused', reason: 'line break' },
  },
  {
    title: 'empty directories with odd names are made, and the layout is read back',
    tree: {
      '/var/with blank ': 'directory',
      '/var/$dollar': 'directory',
      '/opt/whole/a': 'a',
      '/opt/whole/b': 'symlink a',
      '/opt/whole/c/d': 'd',
    },
    config: 'keep: ["/var/with*", "/var/$*", "/opt/whole/**", "/srv/*"]\n',
    ends: {
      status: 'slimmed',
      dockerfile: [
        'WORKDIR "/var/with blank "',
        'WORKDIR /var/\\$dollar',
        'COPY --from=build /opt/whole /opt/whole',
      ],
    },
    next: [{ verb: 'verify', ends: { status: 'unchanged', result: { verified: true } } }],
  },
  {
    title: 'a Dockerfile with another escape character',
    dockerfile: ['# escape=`', 'FROM base:1', 'ENV WORDS="a \\ b"'],
    tree: { '/srv/a\\b[1].html': 'x', '/srv/with`tick': 'y' },
    config: "keep: ['/srv/*']\n",
    ends: { status: 'slimmed', dockerfile: ['# escape=`', 'ENV WORDS="a \\ b"'] },
    next: [{ verb: 'verify', ends: { status: 'unchanged' } }],
  },
  {
    title: 'a hand-made stage of many lines over an image and with --link',
    dockerfile: ['FROM scratch', 'COPY --link --from=base:1 / /'],
    tree: {
      ...TOOLS,
      ...Object.fromEntries(Array.from({ length: 70 }, (_, at) => [`/opt/${at + 100}/f`, 'x'])),
      ...Object.fromEntries(Array.from({ length: 70 }, (_, at) => [`/opt/${at + 100}/unread`, 'x'])),
      '/etc/zone': 'symlink /usr/share/zone',
      '/usr/share/zone': 'UTC',
    },
    programs: doing(
      ...Array.from({ length: 70 }, (_, at) => `open /opt/${at + 100}/f`),
      'same /etc/zone UTC',
    ),
    ends: { status: 'slimmed', dockerfile: ['FROM base:1 AS rootfs'] },
  },
  {
    title: 'a line of the context in a hand-made stage loses what drop names',
    dockerfile: [
      'FROM base:1 AS build',
      'FROM scratch',
      'COPY --from=build / /',
      'COPY site /srv/site',
      'COPY a.html b.html \\',
      '  /srv/more/',
    ],
    files: {
      'site/a.html': 'a',
      'site/b.html': 'b',
      'site/c/d.html': 'd',
      'site/c/e.html': 'e',
      'a.html': 'a',
      'b.html': 'b',
    },
    config: 'drop: [/srv/site/b.html]\n',
    ends: {
      status: 'slimmed',
      dockerfile: ['./site/a.html', './site/c', '/srv/more/'],
      without: ['site/b.html'],
    },
  },
  {
    title: 'a Dockerfile of another name',
    dockerfile: null,
    kraftfile: 'spec: v0.6\n\nruntime: base:latest\n\nrootfs: ./web.Dockerfile\n\ncmd: ["/bin/app"]\n',
    files: { 'web.Dockerfile': 'FROM base:1\n' },
    ends: { status: 'slimmed', written: ['web.Dockerfile'] },
    next: [{ ends: { status: 'unchanged' } }],
  },
];
