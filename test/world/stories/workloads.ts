import { buildCache } from '../../support/cache-builder.ts';
import { LOADER } from '../base.ts';
import { executable, library } from '../program.ts';
import { kraftfileOf, prints, type Story } from '../story.ts';

/** Other ways to use an app, and settings of an entry. */
export const WORKLOADS: readonly Story[] = [
  {
    title: 'a library that only the cache of the loader leads to',
    tree: {
      '/opt/lib/libx.so.1': library('libx.so.1'),
      '/etc/ld.so.cache': buildCache([{ name: 'libx.so.1', path: '/opt/lib/libx.so.1' }]),
      '/bin/app': executable('app', { interpreter: LOADER, needed: ['libx.so.1'] }),
    },
    ends: {
      status: 'slimmed',
      warnings: ['loader-cache'],
      dockerfile: ['/etc/ld.so.cache', '/opt/lib/libx.so.1'],
    },
  },
  {
    title: 'a library beside its program',
    tree: {
      '/opt/app/bin': executable('app', {
        interpreter: LOADER,
        needed: ['liby.so.1'],
        runpath: '$ORIGIN/lib',
      }),
      '/opt/app/lib/liby.so.1': library('liby.so.1'),
    },
    cmd: ['/opt/app/bin'],
    ends: {
      status: 'slimmed',
      warnings: ['origin-runpath'],
      dockerfile: ['COPY --from=build /opt/app /opt/app'],
    },
  },
  {
    title: 'a file whose emptiness the app notices',
    tree: { '/var/mark': 'x', '/var/other': 'y', '/var/nothing': '' },
    programs: {
      app: { does: ['stat /var/mark', 'stat /var/other', 'unless /never notempty /var/mark', 'print Hello'] },
    },
    options: { placeholders: true },
    ends: { status: 'slimmed', warnings: ['placeholder-refused'], dockerfile: ['/var/nothing /var/other'] },
  },
  {
    title: 'an app that fails now and then contradicts a search',
    programs: {
      app: {
        does: [
          'try /etc/passwd',
          'try /srv/index.html',
          'open /etc/app.conf',
          'every 9 exit 1',
          'print Hello',
        ],
      },
    },
    options: { search: { strategy: 'minimal', aggressive: false, maxRuns: null } },
    ends: { status: 'slimmed', warnings: ['oracle-contradicted'] },
  },
  {
    title: 'a service that the app asks starts before it',
    tree: { '/bin/store': executable('store'), '/bin/asker': executable('asker') },
    cmd: ['/bin/asker'],
    config:
      'workload: {services: [{command: [/bin/store], ports: [6000]}], probes: [{kind: output, expect: PONG}]}\n',
    programs: {
      asker: { does: ['ask 6000 PING'] },
      store: { does: ['listen 6000'], tcp: { PING: ['print PONG'] } },
    },
    ends: {
      status: 'slimmed',
      without: ['/bin/store'],
      result: { workload: { source: 'config', probes: [{ kind: 'output', passed: true }] } },
    },
  },
  {
    title: 'a client asks the app from beside it',
    tree: { '/bin/store': executable('store'), '/bin/asker': executable('asker') },
    cmd: ['/bin/store'],
    config:
      'workload: {ready: {ports: [6000]}, probes: [{kind: client, command: [/bin/asker], expect: PONG}]}\n',
    programs: {
      asker: { does: ['ask 6000 PING'] },
      store: { does: ['open /etc/app.conf', 'listen 6000'], tcp: { PING: ['print PONG'] } },
    },
    ends: { status: 'slimmed', without: ['/bin/asker'] },
  },
  {
    title: 'a line over plain TCP',
    tree: { '/bin/store': executable('store') },
    cmd: ['/bin/store'],
    config:
      'workload: {ready: {ports: [6000]}, probes: [{kind: tcp, port: 6000, send: "PING\\n", expect: PONG}]}\n',
    programs: { store: { does: ['listen 6000'], tcp: { PING: ['open /etc/app.conf', 'print PONG'] } } },
    ends: { status: 'slimmed', dockerfile: ['/etc/app.conf'] },
  },
  {
    title: 'a file that the app writes is a probe',
    config: 'workload: {probes: [{kind: output}, {kind: file, path: /var/out, expect: done}]}\n',
    tree: { '/var/keep': 'directory' },
    programs: { app: { does: ['write /var/out done', 'print Hello'] } },
    ends: {
      status: 'slimmed',
      result: {
        workload: {
          source: 'config',
          probes: [
            { kind: 'output', passed: true },
            { kind: 'file', passed: true },
          ],
        },
      },
    },
  },
  {
    title: 'blocks of a README are filled',
    readme: `${prints('Hello')}\n<!-- kraft-slim:begin sizes -->\n<!-- kraft-slim:end -->\n`,
    ends: { status: 'slimmed', written: ['Dockerfile', 'README.md'] },
  },
  {
    title: 'an old Kraftfile is made a new one by --upgrade',
    files: { Kraftfile: null, 'kraft.yaml': kraftfileOf(['/bin/app']) },
    options: { upgrade: true },
    ends: { status: 'slimmed', result: { removed: ['kraft.yaml'] } },
  },
  {
    title: 'drop removes what a rule or a trace would keep',
    config: 'drop: [/etc/app.conf]\n',
    programs: { app: { does: ['try /etc/app.conf', 'print Hello'] } },
    ends: { status: 'slimmed', without: ['/etc/app.conf'] },
  },
  {
    title: 'drop of a file that the app needs',
    config: 'drop: [/etc/app.conf]\n',
    ends: { status: 'failed', code: 'verify-failed', hint: 'drop in kraft-slim.yaml' },
  },
  {
    title: 'a Dockerfile in a sub-directory over the context of the Kraftfile',
    dockerfile: null,
    kraftfile: 'spec: v0.6\n\nruntime: base:latest\n\nrootfs: ./docker/Dockerfile\n\ncmd: ["/bin/app"]\n',
    files: {
      'docker/Dockerfile': 'FROM base:1\nWORKDIR /app\nCOPY page.txt ./\n',
      'page.txt': 'page',
    },
    programs: { app: { does: ['open /app/page.txt', 'print Hello'] } },
    ends: {
      status: 'slimmed',
      written: ['docker/Dockerfile'],
      files: { 'docker/Dockerfile': 'COPY --from=build /app/page.txt /app/page.txt\n' },
      result: { verified: true },
    },
  },
  {
    title: 'a Dockerfile in a sub-directory with its files beside it',
    dockerfile: null,
    kraftfile: 'spec: v0.6\n\nruntime: base:latest\n\nrootfs: ./docker/Dockerfile\n\ncmd: ["/bin/app"]\n',
    files: {
      'docker/Dockerfile': 'FROM base:1\nWORKDIR /app\nWORKDIR sub\nCOPY . .\n',
      'docker/page.txt': 'page',
      'docker/.dockerignore': 'Dockerfile\n',
    },
    programs: { app: { does: ['open /app/sub/page.txt', 'print Hello'] } },
    ends: {
      status: 'slimmed',
      written: ['docker/Dockerfile'],
      files: { 'docker/Dockerfile': 'COPY --from=build /app /app\n' },
      result: { verified: true },
    },
  },
];
