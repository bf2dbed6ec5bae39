import { TOOLS } from '../base.ts';
import { executable } from '../program.ts';
import { answers, type Story } from '../story.ts';

const SERVER = { cmd: ['/bin/server'], readme: answers('<h1>Hello</h1>') } as const;

/** Where files come from, and what a later build makes of them. */
export const ORIGINS: readonly Story[] = [
  {
    title: 'what an image copied from a base image is the base, and what a RUN made there is the author',
    dockerfile: [
      'FROM base:1 AS made',
      'RUN make',
      'FROM base:1',
      'COPY --from=made /opt /opt',
      'COPY --from=other:1 /var /var',
    ],
    images: { 'other:1': { tree: { '/var/of-image/x': 'x', '/var/of-image/y': 'y' } } },
    tree: { '/opt/base/a': 'a', '/opt/base/b': 'b' },
    runs: { make: { adds: { '/opt/made/c': 'c', '/opt/made/d': 'd' } } },
    programs: {
      app: {
        does: [
          'open /opt/made/c',
          'open /var/of-image/x',
          'open /opt/base/a',
          'open /etc/app.conf',
          'print Hello',
        ],
      },
    },
    ends: { status: 'slimmed', dockerfile: ['/opt/made', '/opt/base/a'], without: ['/opt/base/b'] },
  },
  {
    title: 'a copy of the whole of another stage',
    dockerfile: ['FROM base:1 AS made', 'RUN make', 'FROM scratch', 'COPY --from=made / /', 'RUN again'],
    runs: { make: { adds: { '/opt/made/c': 'c' } }, again: { adds: { '/etc/again': 'x' } } },
    tree: TOOLS,
    ends: { status: 'slimmed', warnings: ['stage-added'] },
  },
  {
    title: 'a base that cannot be listed',
    dockerfile: ['FROM hidden:1', 'RUN make'],
    images: {
      'hidden:1': {
        tree: {
          '/bin/server': executable('server'),
          '/etc/app.conf': 'x',
          '/srv/index.html': '<h1>Hello</h1>\n',
        },
        isHidden: true,
      },
    },
    runs: { make: { adds: { '/opt/made/c': 'c' } } },
    ...SERVER,
    ends: { status: 'slimmed' },
  },
  {
    title: 'a base that the engine keeps to itself, whose ENV a line names',
    dockerfile: ['FROM hidden:1', 'ENV MODE=1', 'COPY a.html $HERE/a.html', 'COPY a.html /srv/'],
    images: {
      'hidden:1': {
        tree: {
          '/bin/server': executable('server'),
          '/etc/app.conf': 'x',
          '/srv/index.html': '<h1>Hello</h1>\n',
        },
        config: { env: { HERE: '/opt' } },
        isHidden: true,
      },
    },
    files: { 'a.html': 'a' },
    ...SERVER,
    ends: { status: 'slimmed', dockerfile: ['/opt/a.html'] },
  },
  {
    title: 'another base that the engine keeps to itself, whose WORKDIR a line depends on',
    dockerfile: [
      'FROM hidden:1 AS other',
      'COPY a.html .',
      'FROM base:1',
      'COPY --from=other /opt/a.html /srv/a.html',
      'COPY a.html /srv/b.html',
    ],
    images: { 'hidden:1': { tree: { '/x': 'x' }, config: { workingDir: '/opt' }, isHidden: true } },
    files: { 'a.html': 'a' },
    ...SERVER,
    ends: { status: 'slimmed', warnings: ['context-unknown'] },
  },
  {
    title: 'a link that the app reads and follows arrives as a directory with all below it',
    tree: {
      '/srv/releases/v1/a': 'a',
      '/srv/releases/v1/b': 'b',
      '/srv/current': 'symlink releases/v1',
      '/srv/loop': 'symlink .',
    },
    config: "keep: ['/srv/current', '/srv/loop', '/srv/releases/v1/*']\n",
    programs: {
      app: {
        does: [
          'call readlink("/srv/current", "releases/v1", 4096) = 11',
          'open /srv/current/a',
          'open /srv/releases/v1/b',
          'open /etc/app.conf',
          'print Hello',
        ],
      },
    },
    ends: { status: 'slimmed', dockerfile: ['/srv/current'] },
  },
  {
    title: 'a link to a directory that holds a link to a directory',
    tree: {
      '/srv/a/one': '1',
      '/srv/b/two': '2',
      '/srv/a/b': 'symlink ../b',
      '/srv/b/a': 'symlink ../a',
      '/srv/top': 'symlink a',
    },
    config: "keep: ['/srv/top', '/srv/a/**', '/srv/b/**']\n",
    ends: { status: 'slimmed', dockerfile: ['/srv/top/one'] },
  },
  {
    title: 'a program that is run by a link, reads it and looks for its own name',
    tree: { '/bin/app3': 'symlink app3.11', '/bin/app3.11': executable('app') },
    cmd: ['/bin/app3'],
    programs: {
      app: {
        does: [
          'look /bin/app3.11',
          'call readlink("/bin/app3", "app3.11", 4096) = 7',
          'open /etc/app.conf',
          'print Hello',
        ],
      },
    },
    ends: {
      status: 'slimmed',
      dockerfile: ['COPY --from=build /bin/app3 /bin/app3'],
      without: ['/bin/app3.11'],
    },
  },
  {
    title: 'a file that a RUN makes again at each build is compared with its stage',
    dockerfile: ['FROM base:1 AS build', 'RUN stamp', 'FROM scratch', 'COPY --from=build / /'],
    runs: { stamp: { adds: (build) => ({ '/etc/stamp': `build ${build}` }) } },
    programs: { app: { does: ['open /etc/stamp', 'open /etc/app.conf', 'print Hello'] } },
    ends: { status: 'slimmed', dockerfile: ['/etc/stamp'] },
  },
  {
    title: 'a file that a RUN makes again below a new stage, under another name too',
    dockerfile: ['FROM base:1', 'RUN stamp'],
    runs: { stamp: { adds: (build) => ({ '/etc/stamp': `build ${build}`, '/etc/alias': 'symlink stamp' }) } },
    programs: { app: { does: ['open /etc/stamp', 'open /etc/alias', 'open /etc/app.conf', 'print Hello'] } },
    ends: { status: 'slimmed', dockerfile: ['/etc/stamp'] },
    next: [{ verb: 'verify', ends: { status: 'unchanged' } }],
  },
  {
    title: 'a file whose mode changes from build to build',
    dockerfile: ['FROM base:1', 'RUN stamp'],
    runs: {
      stamp: { adds: (build) => ({ '/etc/stamp': { content: 'x', mode: build > 1 ? 0o600 : 0o644 } }) },
    },
    programs: { app: { does: ['open /etc/stamp', 'open /etc/app.conf', 'print Hello'] } },
    ends: { status: 'failed', code: 'verify-failed', reason: 'has mode 0600, not 0644' },
  },
  {
    title: 'a file whose owner changes from build to build',
    dockerfile: ['FROM base:1', 'RUN stamp'],
    runs: { stamp: { adds: (build) => ({ '/etc/stamp': { content: 'x', uid: build > 1 ? 1 : 0 } }) } },
    programs: { app: { does: ['open /etc/stamp', 'open /etc/app.conf', 'print Hello'] } },
    ends: { status: 'failed', code: 'verify-failed', reason: 'belongs to 1:0, not to 0:0' },
  },
  {
    title: 'a file that a later build makes a directory',
    dockerfile: ['FROM base:1', 'RUN stamp'],
    runs: {
      stamp: {
        adds: (build) => (build > 1 ? { '/var/made/x': 'x', '/var/made/y': 'y' } : { '/var/made': 'a file' }),
      },
    },
    config: 'keep: [/var/made]\n',
    ends: {
      status: 'failed',
      code: 'verify-failed',
      reason: '/var/made is a directory, not a file',
      detail: '/var/made/x is in the image, but not in the plan',
    },
  },
  {
    title: 'a whole directory that a later build fills differently',
    dockerfile: ['FROM base:1', 'RUN stamp'],
    runs: {
      stamp: {
        adds: (build) => ({
          '/var/made/a': 'a',
          '/var/made/b': 'b',
          '/var/made/link': build > 1 ? 'symlink b' : 'symlink a',
          ...(build > 1 ? { '/var/made/c': 'c' } : { '/var/made/d': 'd' }),
        }),
      },
    },
    config: "keep: ['/var/made/**']\n",
    ends: { status: 'failed', code: 'verify-failed', reason: 'is not there', detail: 'leads to b, not to a' },
  },
];
