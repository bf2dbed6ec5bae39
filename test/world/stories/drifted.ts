import { UserError } from '../../../src/shared/failure.ts';
import { executable } from '../program.ts';
import { answers, type Story } from '../story.ts';

const SERVER = { cmd: ['/bin/server'], readme: answers('<h1>Hello</h1>') } as const;
const APP = 'COPY --from=build /bin/app /bin/app';
const REST = [
  'COPY --from=build /usr/lib/libc.so.6 /usr/lib/libc.so.6',
  'COPY --from=build /lib64/ld-linux-x86-64.so.2 /lib64/ld-linux-x86-64.so.2',
  'COPY --from=build /etc/app.conf /etc/app.conf',
] as const;
const HIDDEN = {
  'hidden:1': {
    tree: {
      '/bin/server': executable('server'),
      '/etc/app.conf': 'x',
      '/srv/index.html': '<h1>Hello</h1>\n',
    },
    config: { env: { HERE: '/opt' }, workingDir: '/opt' },
    isHidden: true,
  },
} as const;

const failsAt = (at: number, why: () => Error) => ({
  fault: ({ kind, count }: { readonly kind: string; readonly count?: number }) => {
    if (kind === 'build' && count === at) throw why();
  },
});

/** An app that opens the files of its settings, and then does more. */
const doing = (...steps: readonly string[]) => ({
  app: { does: [...steps, 'open /etc/app.conf', 'print Hello'] },
});

/** What upstream, the engine and the state do to a run. */
export const DRIFTED: readonly Story[] = [
  {
    title: 'a line of an image that lost a source',
    dockerfile: [
      'FROM scratch',
      'COPY --from=base:1 / /',
      'COPY --from=base:1 /usr/lib/old.so /usr/lib/older.so /usr/lib/',
    ],
    ends: { status: 'slimmed', warnings: ['drifted'], says: 'and 1 more', result: { repaired: true } },
  },
  {
    title: 'a line that lost one of its sources, over a stage without a name',
    dockerfile: [
      'FROM base:1',
      'RUN make',
      'FROM scratch',
      'COPY --from=0 /bin/app /usr/lib/old.so /bin/',
      'COPY --from=0 /opt /opt',
    ],
    runs: { make: { adds: { '/opt/made/a': 'a', '/opt/made/b': 'b' } } },
    programs: doing('open /opt/made/a'),
    ends: { status: 'slimmed', warnings: ['drifted'], dockerfile: ['/opt'] },
  },
  {
    title: 'a drifted stage that cannot be rewritten in place stands over its donor, with a stage below',
    dockerfile: [
      'FROM base:1 AS build',
      'FROM scratch',
      'COPY <<one <<two /etc/',
      'x',
      'one',
      'y',
      'two',
      'COPY --from=build /bin/app /usr/lib/old.so /bin/',
    ],
    config: 'drop: [/etc/two]\n',
    ends: {
      status: 'slimmed',
      warnings: ['drifted', 'stage-added'],
      says: 'over build',
      result: { before: null, repaired: true },
      dockerfile: ['FROM build AS rootfs\nWORKDIR /\n', 'COPY --from=build /bin/app /bin/\n'],
      without: ['old.so'],
    },
    next: [
      { ends: { status: 'unchanged' } },
      { verb: 'verify', ends: { status: 'unchanged', result: { verified: true } } },
    ],
  },
  {
    title: 'a drifted stage of a target that is not the last stands over its donor',
    dockerfile: [
      'FROM base:1 AS build',
      'FROM scratch AS hand',
      'COPY --from=build /bin/app /usr/lib/old.so /bin/',
      'FROM base:1',
    ],
    config: 'build: {target: hand}\n',
    ends: {
      status: 'slimmed',
      warnings: ['drifted'],
      dockerfile: ['FROM build AS hand', 'COPY --from=hand'],
    },
  },
  {
    title: 'a drifted stage keeps its line of a file that a RUN line makes again in each build',
    dockerfile: [
      'FROM base:1 AS build',
      'RUN stamp',
      'FROM scratch',
      'COPY --from=build /bin/app /usr/lib/old.so /bin/',
      'COPY --from=build /etc/stamp /etc/stamp',
    ],
    runs: { stamp: { adds: (build) => ({ '/etc/stamp': `build ${build}` }) } },
    programs: doing('open /etc/stamp'),
    ends: {
      status: 'slimmed',
      warnings: ['drifted'],
      result: { repaired: true },
      dockerfile: ['FROM scratch\nCOPY --from=build /bin/app', 'COPY --from=build /etc/stamp /etc/stamp'],
      without: ['old.so'],
    },
  },
  {
    title: 'a final stage that lost a source, and an app that no donor runs',
    dockerfile: ['FROM base:1 AS build', 'FROM scratch', APP, 'COPY --from=build /usr/lib/old.so /usr/lib/'],
    programs: { app: { does: ['exit 7'] } },
    ends: { status: 'failed', code: 'workload-failed', reason: 'exit code 7', warnings: ['drifted'] },
  },
  {
    title: 'a hand-made stage whose RUN line fails',
    dockerfile: ['FROM base:1 AS build', 'FROM scratch', 'COPY --from=build / /', 'RUN make'],
    runs: { make: { fails: ['no rule'] } },
    ends: { status: 'failed', code: 'build-failed', detail: 'no rule' },
  },
  {
    title: 'a base of which the listing cannot be built',
    dockerfile: ['FROM hidden:1', 'RUN make'],
    images: HIDDEN,
    runs: { make: { adds: { '/opt/made/c': 'c', '/opt/made/d': 'd' } } },
    ...SERVER,
    world: failsAt(2, () => new UserError('build-failed', 'cannot build: no route to host')),
    ends: { status: 'slimmed', without: ['/opt/made'] },
  },
  {
    title: 'a disk that is full while a base is listed',
    dockerfile: ['FROM hidden:1', 'RUN make'],
    images: HIDDEN,
    runs: { make: { adds: { '/opt/made/c': 'c' } } },
    ...SERVER,
    world: failsAt(2, () => new UserError('disk-full', 'cannot build: no space left')),
    ends: { status: 'failed', code: 'disk-full' },
  },
  {
    title: 'files that the engine makes are no files of a base',
    dockerfile: ['FROM base:1', 'RUN make'],
    tree: { '/etc/hosts': '127.0.0.1', '/etc/resolv.conf': '' },
    runs: { make: { adds: { '/opt/made/c': 'c' } } },
    ends: { status: 'slimmed' },
  },
  {
    title: 'a stage over a base that the engine keeps to itself, with a variable that only the base sets',
    dockerfile: [
      'FROM base:1 AS first',
      'COPY a.html /srv/first.html',
      'FROM hidden:1 AS other',
      'RUN make',
      'ADD a.html $HERE/a.html',
      'FROM first',
      'COPY --from=other /opt/a.html /srv/a.html',
    ],
    images: HIDDEN,
    files: { 'a.html': 'a' },
    runs: { make: {} },
    ...SERVER,
    ends: { status: 'slimmed', warnings: ['context-unknown'], says: 'line 5' },
  },
  {
    title: 'a stage over a base that the engine keeps to itself, with absolute places',
    dockerfile: [
      'FROM hidden:1 AS other',
      'COPY a.html /opt/a.html',
      'FROM base:1',
      'COPY --from=other /opt/a.html /srv/a.html',
    ],
    images: HIDDEN,
    files: { 'a.html': 'a' },
    ...SERVER,
    ends: { status: 'slimmed' },
  },
  {
    title: 'an engine that fails while an entry without state is rebuilt',
    ...SERVER,
    ends: { status: 'slimmed' },
    world: failsAt(3, () => new UserError('disk-full', 'cannot build: no space left')),
    next: [{ edits: { '/.kraft-slim': null }, ends: { status: 'failed', code: 'disk-full' } }],
  },
  {
    title: 'an entry without state whose base lost a file is analysed again',
    dockerfile: ['FROM base:1', 'RUN version'],
    runs: {
      version: { adds: (build) => (build > 2 ? {} : { '/etc/plugin': 'p' }), removes: ['/etc/passwd'] },
    },
    programs: { app: { does: ['try /etc/plugin', 'open /etc/app.conf', 'print Hello'] } },
    ends: { status: 'slimmed', dockerfile: ['/etc/plugin'] },
    next: [
      {
        edits: { '/.kraft-slim': null, 'kraft-slim.yaml': 'keep: [/srv/index.html]\n' },
        ends: { status: 'slimmed', dockerfile: ['/srv/index.html'] },
      },
    ],
  },
  {
    title: 'a marker without a promise holds the workload alone',
    git: true,
    ends: { status: 'slimmed' },
    next: [
      {
        verb: 'verify',
        patches: { Dockerfile: [' promise=app', ''] },
        ends: { status: 'unchanged', result: { promise: 'workload' } },
      },
      { options: { force: true }, ends: { status: 'slimmed', dockerfile: ['promise=app'] } },
    ],
  },
  {
    title: 'a stage made by hand that is no final stage',
    dockerfile: ['FROM base:1 AS build', 'FROM scratch AS hand', 'COPY --from=build / /', 'FROM base:1'],
    config: 'build: {target: hand}\n',
    ends: { status: 'slimmed', dockerfile: ['COPY --from=hand'] },
    next: [{ ends: { status: 'unchanged' } }],
  },
  {
    title: 'a hand-made stage over an image and a stage whose RUN line makes a file again',
    dockerfile: [
      'FROM base:1 AS build',
      'RUN stamp',
      'FROM scratch',
      'COPY --from=base:1 / /',
      'COPY --from=build /etc/stamp /etc/stamp',
    ],
    runs: { stamp: { adds: (build) => ({ '/etc/stamp': `build ${build}` }) } },
    programs: doing('open /etc/stamp'),
    ends: { status: 'slimmed', dockerfile: ['COPY --from=build /etc/stamp /etc/stamp'] },
  },
  {
    title: 'a file that a RUN line makes again, copied to another place under its name',
    dockerfile: [
      'FROM base:1 AS build',
      'RUN stamp',
      'FROM scratch',
      APP,
      ...REST,
      'COPY --from=build /etc/stamp /srv/stamp',
    ],
    runs: { stamp: { adds: (build) => ({ '/etc/stamp': `build ${build}` }) } },
    programs: doing('open /srv/stamp'),
    ends: { status: 'unchanged' },
  },
  {
    title: 'a stage below a stage from scratch is the author',
    dockerfile: [
      'FROM base:1 AS build',
      'FROM scratch AS made',
      'COPY --from=build / /',
      'FROM made',
      'COPY a.html /srv/a.html',
    ],
    files: { 'a.html': 'a' },
    ends: { status: 'slimmed', dockerfile: ['/srv/a.html'] },
  },
  {
    title: 'a directory of a stage from scratch is the author',
    dockerfile: [
      'FROM scratch AS files',
      'COPY site /site',
      'FROM base:1',
      'COPY --from=files /site /srv/site',
    ],
    files: { 'site/a.html': 'a', 'site/b.html': 'b' },
    ends: { status: 'slimmed', dockerfile: ['/srv/site'] },
  },
  {
    title: 'what a package of a donor owns is the base',
    dockerfile: [
      'FROM base:1 AS build',
      'RUN apt',
      'FROM scratch',
      APP,
      ...REST,
      'COPY --from=build /opt /opt',
    ],
    runs: {
      apt: {
        adds: {
          '/opt/pkg/used': 'u',
          '/opt/pkg/unused': 'x'.repeat(500),
          '/opt/own/unread': 'o',
          '/var/lib/dpkg/status':
            'Package: pkg\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n',
          '/var/lib/dpkg/info/pkg.list': '/.\n/opt\n/opt/pkg\n/opt/pkg/used\n/opt/pkg/unused\n',
        },
      },
    },
    programs: doing('open /opt/pkg/used'),
    ends: { status: 'slimmed', dockerfile: ['/opt/pkg/used'], without: ['/opt/pkg/unused'] },
  },
];
