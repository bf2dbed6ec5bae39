import { BUNDLE_DIRECTORY } from '../../../src/workload/strace-bundle.ts';
import { executable } from '../program.ts';
import { kraftfileOf, prints, type Story } from '../story.ts';

const LIBRARY = kraftfileOf(['/bin/lang', '/src/main']).replace(
  'runtime: base:latest\n',
  'template:\n  source: https://github.com/unikraft/app-elfloader.git\n  version: staging\n',
);
const INSTALL = {
  'install lang': { adds: { '/bin/lang': executable('lang'), '/usr/lib/lang/used.txt': 'used' } },
} as const;
const LANG = { lang: { does: ['open /src/main', 'open /usr/lib/lang/used.txt', 'print Hello'] } } as const;
const DELTA = 'spec: v0.6\nruntime: lang:1\nrootfs: ./Dockerfile\ncmd: ["/bin/lang", "/src/main"]\n';
const RUNTIME = {
  '/library/lang/1/Kraftfile': LIBRARY,
  '/library/lang/1/Dockerfile': 'FROM base:1\nRUN install lang\n',
} as const;
const ABOVE = {
  entry: 'library/lang/1',
  kraftfile: LIBRARY,
  dockerfile: ['FROM base:1', 'RUN install lang', 'COPY main /src/main'],
  runs: INSTALL,
  programs: LANG,
} as const;

const v07 = (...lines: readonly string[]) =>
  `${['spec: v0.7', '', 'runtime: base-compat:latest', '', 'rootfs:', '  source: ./Dockerfile', '  format: erofs', '', ...lines].join('\n')}\n`;

/** A group of two entries, of which the README shows how they run together. */
const GROUP = {
  entry: 'examples/web',
  kraftfile: v07('cmd: ["/bin/web"]'),
  readme: null,
  tree: { '/bin/web': executable('web'), '/bin/db': executable('db') },
  programs: {
    db: { does: ['open /etc/app.conf', 'listen 5432'], tcp: { GET: ['print secret'] } },
    web: { does: ['open /etc/app.conf', 'listen 80'], http: { 'GET /list': ['ask 5432 GET'] } },
  },
} as const;
const GROUP_README = [
  '```bash title="unikraft"',
  'unikraft build ./db --output <my-org>/db:latest',
  'unikraft run --metro fra -m 256M --domain db.internal --image <my-org>/db:latest',
  '```',
  '',
  '```bash title="unikraft"',
  'unikraft build ./web --output <my-org>/web:latest',
  'unikraft run --metro fra -m 256M -p 443:80/tls+http -e DB=db.internal:5432 --image <my-org>/web:latest',
  '```',
  '',
  '```bash title="unikraft"',
  'curl https://<FQDN>/list',
  '```',
  '',
  '```text',
  'secret',
  '```',
  '',
].join('\n');
const DB = { '/examples/db/Kraftfile': v07('cmd: ["/bin/db"]'), '/examples/db/Dockerfile': 'FROM base:1\n' };

/** Entries that run with others: services, runtimes, deltas and second launches. */
export const OVER: readonly Story[] = [
  {
    title: 'an entry starts the entry that it names by .internal',
    ...GROUP,
    files: { '/examples/README.md': GROUP_README, ...DB },
    ends: {
      status: 'slimmed',
      without: ['/bin/db'],
      result: { workload: { source: 'readme', probes: [{ kind: 'http', passed: true }] } },
    },
    next: [{ ends: { status: 'unchanged' } }, { verb: 'verify', ends: { status: 'unchanged' } }],
  },
  {
    title: 'an entry whose service does not build makes no request',
    ...GROUP,
    files: { '/examples/README.md': GROUP_README, ...DB, '/examples/db/Dockerfile': 'FROM gone:1\n' },
    ends: {
      status: 'slimmed',
      warnings: ['service-missing', 'weak-workload'],
      says: 'as a service: it does not build',
    },
  },
  {
    title: 'an entry whose service cannot be read makes no request',
    ...GROUP,
    files: { '/examples/README.md': GROUP_README, ...DB, '/examples/db/Kraftfile': 'spec: [\n' },
    ends: { status: 'slimmed', warnings: ['service-missing', 'weak-workload'] },
  },
  {
    title: 'a defect while a service is built ends the run',
    ...GROUP,
    files: { '/examples/README.md': GROUP_README, ...DB },
    world: {
      fault: ({ kind, count }) => {
        if (kind === 'build' && count === 2) throw new TypeError('no such thing');
      },
    },
    ends: { status: 'failed', code: 'internal', reason: 'no such thing' },
  },
  {
    title: 'a runtime whose Dockerfile has a target',
    kraftfile: DELTA,
    dockerfile: ['FROM scratch', 'COPY main /src/main'],
    files: {
      main: 'program',
      ...RUNTIME,
      '/library/lang/1/Dockerfile': 'FROM base:1 AS made\nRUN install lang\nFROM base:1\n',
      '/library/lang/1/kraft-slim.yaml': 'build: {target: made}\n',
    },
    runs: INSTALL,
    programs: LANG,
    ends: { status: 'unchanged', warnings: ['runtime-from-catalog'] },
  },
  {
    title: 'a delta over a runtime that has a command',
    kraftfile: 'spec: v0.6\nruntime: lang:1\nrootfs: ./Dockerfile\n',
    dockerfile: ['FROM scratch', 'COPY main /src/main', 'COPY waste /srv/waste'],
    files: {
      main: 'program',
      waste: 'w',
      ...RUNTIME,
      '/library/lang/1/Dockerfile': 'FROM base:1\nRUN install lang\nCMD ["/bin/lang"]\n',
    },
    config: 'drop: [/srv/waste]\n',
    runs: INSTALL,
    programs: LANG,
    ends: { status: 'slimmed', warnings: ['runtime-from-catalog'], without: ['/srv/waste'] },
  },
  {
    title: 'a delta that keeps what its runtime links to',
    kraftfile: DELTA,
    dockerfile: [
      'FROM base:1 AS build',
      'RUN make',
      'FROM scratch',
      'COPY --from=build /app /app',
      'COPY main /src/main',
    ],
    files: {
      main: 'program',
      ...RUNTIME,
    },
    runs: {
      ...INSTALL,
      'install lang': { adds: { ...INSTALL['install lang'].adds, '/data': 'symlink /app/data' } },
      make: {
        adds: {
          '/app/data/one': '1',
          '/app/data/two': '2',
          '/app/current': 'symlink data',
          '/app/waste/x': 'x'.repeat(100),
        },
      },
    },
    programs: {
      lang: {
        does: [
          'open /src/main',
          'open /data/one',
          'open /app/current/two',
          'readlink /app/current',
          'print Hello',
        ],
      },
    },
    config: 'drop: [/app/waste]\n',
    ends: { status: 'unchanged', warnings: ['runtime-from-catalog'] },
    next: [{ verb: 'verify', ends: { status: 'unchanged', warnings: ['runtime-from-catalog'] } }],
  },
  {
    title: 'a library keeps by its place what a delta reaches through a link of the delta',
    ...ABOVE,
    files: {
      main: 'program',
      '/examples/over/Kraftfile': DELTA,
      '/examples/over/Dockerfile':
        'FROM base:1 AS build\nRUN link\nFROM scratch\nCOPY main /src/main\nCOPY --from=build /l /l\n',
      '/examples/over/README.md': prints('Hello'),
      '/examples/over/main': 'other',
    },
    runs: { ...INSTALL, link: { adds: { '/l/lib': 'symlink /usr/lib/lang' } } },
    programs: { lang: { does: ['open /src/main', 'try /l/lib/used.txt', 'print Hello'] } },
    ends: { status: 'slimmed', dockerfile: ['/usr/lib/lang'] },
  },
  {
    title: 'a delta that answers otherwise each time is left out',
    ...ABOVE,
    files: {
      main: 'program',
      '/examples/over/Kraftfile': DELTA.replace('/src/main"', '/src/main", "twice"'),
      '/examples/over/Dockerfile': 'FROM scratch\nCOPY main /src/main\n',
      '/examples/over/main': 'other',
    },
    programs: {
      lang: {
        does: ({ argv }) =>
          argv.includes('twice')
            ? ['open /src/main', 'count', 'count', 'print x']
            : ['open /src/main', 'print Hello'],
      },
    },
    ends: {
      status: 'slimmed',
      warnings: ['dependent-left-out', 'weak-workload'],
      says: 'give different answers',
    },
  },
  {
    title: 'a second launch that answers otherwise each time is left out',
    cmd: ['/bin/app'],
    readme: `${prints('Hello')}\n\`\`\`\nkraft run . /bin/app --count\n\`\`\`\n`,
    programs: {
      app: {
        does: ({ argv }) =>
          argv.includes('--count') ? ['count', 'count', 'print x'] : ['open /etc/app.conf', 'print Hello'],
      },
    },
    ends: { status: 'slimmed' },
  },
  {
    title: 'a second launch keeps what it needs',
    readme: prints('Plenty', 'kraft run . /bin/app plenty'),
    tree: { '/etc/plenty': 'p' },
    programs: {
      app: {
        does: ({ argv }) =>
          argv.includes('plenty')
            ? ['open /etc/plenty', 'print Plenty']
            : ['open /etc/app.conf', 'print Hello'],
      },
    },
    ends: { status: 'slimmed', dockerfile: ['/etc/plenty', '/etc/app.conf'] },
  },
  {
    title: 'arguments of the settings',
    config: 'workload: {arguments: ["--good"]}\n',
    programs: {
      app: {
        does: ({ argv }) => (argv.includes('--good') ? ['open /etc/app.conf', 'print Hello'] : ['exit 1']),
      },
    },
    ends: { status: 'slimmed' },
  },
  {
    title: 'an app that no README describes and that does not start',
    cmd: ['/bin/odd'],
    readme: null,
    tree: { '/bin/odd': executable('odd', { interpreter: '/lib/ld-musl-x86_64.so.1' }) },
    ends: { status: 'failed', code: 'not-started', warnings: ['library-missing', 'weak-workload'] },
  },
  {
    title: 'an app for a runtime that is Linux is not warned of what Unikraft lacks',
    kraftfile: v07('cmd: ["/bin/app"]'),
    tree: { '/proc/meminfo': 'x', '/start.sh': { content: '#!/bin/sh\nx\n', mode: 0o755 } },
    programs: {
      app: {
        does: ['try /proc/meminfo', 'call memfd_create("x", 0) = 3', 'open /etc/app.conf', 'print Hello'],
      },
    },
    ends: { status: 'slimmed', warnings: [] },
  },
  {
    title: 'an app that fails under the tracer alone',
    programs: {
      app: { does: ['open /etc/app.conf', `unless ${BUNDLE_DIRECTORY}/strace print Hello`] },
    },
    ends: { status: 'slimmed', warnings: ['not-traced'], says: 'does not behave while it is traced' },
  },
];
