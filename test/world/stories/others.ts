import { UserError } from '../../../src/shared/failure.ts';
import { executable } from '../program.ts';
import { answers, kraftfileOf, prints, type Story } from '../story.ts';

const LIBRARY = kraftfileOf(['/bin/lang', '/src/main']).replace(
  'runtime: base:latest\n',
  'template:\n  source: https://github.com/unikraft/app-elfloader.git\n  version: staging\n',
);
const INSTALL = {
  'install lang': {
    adds: {
      '/bin/lang': executable('lang'),
      '/usr/lib/lang/used.txt': 'used',
      '/usr/lib/lang/test.txt': 'test',
    },
  },
} as const;
const LANG = { lang: { does: ['open /src/main', 'open /usr/lib/lang/used.txt', 'print Hello'] } } as const;

const interrupted = new AbortController();
const timedOut = new AbortController();

/** Entries that build on others, interrupted runs, and state. */
export const OTHERS: readonly Story[] = [
  {
    title: 'a link of the build context that leads nowhere is left out',
    dockerfile: ['FROM base:1', 'COPY site /srv/site'],
    files: { 'site/a.html': 'a', 'site/gone.html': { link: 'nowhere.html' } },
    ends: { status: 'slimmed', warnings: ['need-missing'], says: '/srv/site/gone.html' },
  },
  {
    title: 'a delta over a runtime keeps its own files, and none of the runtime',
    kraftfile: 'spec: v0.6\nruntime: lang:1\nrootfs: ./Dockerfile\ncmd: ["/bin/lang", "/src/main"]\n',
    dockerfile: ['FROM base:1 AS build', 'RUN install lang', 'FROM build', 'COPY main /src/main'],
    files: {
      main: 'program',
      '/library/lang/1/Kraftfile': LIBRARY,
      '/library/lang/1/Dockerfile': 'FROM base:1\nRUN install lang\n',
    },
    runs: INSTALL,
    programs: LANG,
    ends: {
      status: 'slimmed',
      warnings: ['runtime-from-catalog'],
      dockerfile: ['/src/main'],
      without: ['COPY --from=build /bin/lang'],
      result: { class: 'runtime-delta', runtime: { entry: 'library/lang/1' } as never },
    },
  },
  {
    title: 'a delta whose runtime the catalog does not have',
    kraftfile: 'spec: v0.6\nruntime: lang:2\nrootfs: ./Dockerfile\ncmd: ["/bin/lang"]\n',
    ends: { status: 'failed', code: 'rootfs-missing', reason: 'library/lang/2' },
  },
  {
    title: 'a library keeps what its deltas need',
    entry: 'library/lang/1',
    kraftfile: LIBRARY,
    dockerfile: ['FROM base:1', 'RUN install lang', 'COPY main /src/main'],
    files: {
      main: 'program',
      '/examples/over/Kraftfile':
        'spec: v0.6\nruntime: lang:1\nrootfs: ./Dockerfile\ncmd: ["/bin/lang", "/src/main"]\n',
      '/examples/over/Dockerfile': 'FROM scratch\nCOPY main /src/main\n',
      '/examples/over/README.md': prints('Hello'),
      '/examples/over/main': 'other program',
    },
    runs: INSTALL,
    programs: LANG,
    ends: {
      status: 'slimmed',
      dockerfile: ['COPY --from=build /usr/lib/lang /usr/lib/lang'],
      result: { class: 'library', promise: 'runtime' },
    },
  },
  {
    title: 'a delta that does not build is left out',
    entry: 'library/lang/1',
    kraftfile: LIBRARY,
    dockerfile: ['FROM base:1', 'RUN install lang', 'COPY main /src/main'],
    files: {
      main: 'program',
      '/examples/over/Kraftfile':
        'spec: v0.6\nruntime: lang:1\nrootfs: ./Dockerfile\ncmd: ["/bin/lang", "/src/main"]\n',
      '/examples/over/Dockerfile': 'FROM scratch\nCOPY none /src/main\n',
    },
    runs: INSTALL,
    programs: LANG,
    ends: { status: 'slimmed', warnings: ['dependent-left-out'], says: 'examples/over' },
  },
  {
    title: 'a delta that fails on the full root file system is left out',
    entry: 'library/lang/1',
    kraftfile: LIBRARY,
    dockerfile: ['FROM base:1', 'RUN install lang', 'COPY main /src/main'],
    files: {
      main: 'program',
      '/examples/over/Kraftfile':
        'spec: v0.6\nruntime: lang:1\nrootfs: ./Dockerfile\ncmd: ["/bin/lang", "/src/main"]\n',
      '/examples/over/Dockerfile': 'FROM scratch\nCOPY main /src/main\n',
      '/examples/over/README.md': prints('something else'),
      '/examples/over/main': 'other program',
    },
    runs: INSTALL,
    programs: LANG,
    ends: { status: 'slimmed', warnings: ['dependent-left-out'], says: 'fails on the full root file system' },
  },
  {
    title: 'a run that is interrupted',
    interrupts: interrupted,
    world: {
      fault: ({ kind, count }) => {
        if (kind === 'start' && count === 2) interrupted.abort();
      },
    },
    ends: { status: 'failed', code: 'interrupted', written: [], without: ['FROM scratch'] },
  },
  {
    title: 'a run whose time is up',
    interrupts: timedOut,
    world: {
      fault: ({ kind, count }) => {
        if (kind === 'start' && count === 2)
          timedOut.abort(new UserError('timeout', 'cannot finish in time'));
      },
    },
    ends: { status: 'failed', code: 'timeout', reason: 'cannot finish in time' },
  },
  {
    title: 'a state directory that is a file',
    files: { '/state-file': 'x' },
    options: { stateDirectory: '/dev/null/state' },
    ends: { status: 'slimmed', warnings: ['state-not-kept'] },
  },
  {
    title: 'state that this user has not signed',
    ends: { status: 'slimmed' },
    next: [{ forgesState: true, ends: { status: 'unchanged', warnings: ['state-not-trusted'] } }],
  },
  {
    title: 'a base image that the engine keeps to itself, and a COPY that depends on its WORKDIR',
    images: {
      'hidden:1': {
        tree: {
          '/bin/server': executable('server'),
          '/etc/app.conf': 'x',
          '/srv/index.html': '<h1>Hello</h1>\n',
        },
        config: { workingDir: '/opt' },
        isHidden: true,
      },
    },
    dockerfile: ['FROM hidden:1', 'COPY a.html .', 'WORKDIR /'],
    files: { 'a.html': 'a' },
    cmd: ['/bin/server'],
    readme: answers('<h1>Hello</h1>'),
    ends: { status: 'slimmed', warnings: ['context-unknown'] },
  },
  {
    title: 'a verified entry whose context has a file more',
    dockerfile: ['FROM base:1', 'COPY site/ /srv/site/'],
    files: { 'site/a.html': 'a', 'site/b.html': 'b' },
    config: 'drop: [/srv/site/b.html]\n',
    ends: { status: 'slimmed' },
    next: [
      { verb: 'verify', ends: { status: 'unchanged' } },
      {
        verb: 'verify',
        edits: { 'site/c.html': 'c' },
        ends: { status: 'unchanged', warnings: ['context-file-missing'] },
      },
    ],
  },
  {
    title: 'a directory of a RUN line that is kept in part',
    dockerfile: ['FROM base:1', 'RUN fill'],
    runs: { fill: { adds: { '/opt/data/a': 'a', '/opt/data/b': 'b', '/opt/data/c': 'c'.repeat(5000) } } },
    programs: { app: { does: ['open /opt/data/a', 'print Hello'] } },
    options: { search: { strategy: 'shrink', aggressive: false, maxRuns: null } },
    ends: { status: 'slimmed', warnings: ['partly-kept'], says: '/opt/data' },
  },
  {
    title: 'an app that changes its user, and a directory of a hand-made stage that is not plain',
    dockerfile: ['FROM base:1 AS build', 'FROM scratch', 'COPY --from=build / /'],
    tree: { '/var/private': 'directory 700' },
    programs: {
      app: { does: ['call setuid(33) = 0', 'list /var/private', 'open /etc/app.conf', 'print Hello'] },
    },
    ends: { status: 'slimmed', warnings: ['directories-not-exact', 'user-change'] },
  },
  {
    title: 'a hand-made stage with a RUN line gets a stage below it',
    dockerfile: ['FROM base:1 AS build', 'FROM scratch', 'COPY --from=build / /', 'RUN fill'],
    runs: { fill: { adds: { '/etc/app.conf': 'filled' } } },
    ends: { status: 'slimmed', warnings: ['stage-added'] },
  },
];
