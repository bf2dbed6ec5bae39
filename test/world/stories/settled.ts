import { LOADER } from '../base.ts';
import { executable } from '../program.ts';
import { answers, kraftfileOf, prints, type Story } from '../story.ts';

/** An app that does one thing more than it needs to. */
const doing = (...steps: readonly string[]) => ({
  app: { does: [...steps, 'open /etc/app.conf', 'print Hello'] },
});

/** What a run warns of that the world around the app decides. */
export const SETTLED: readonly Story[] = [
  {
    title: 'an app that no README describes',
    readme: null,
    ends: {
      status: 'slimmed',
      warnings: ['weak-workload'],
      result: { workload: { source: 'derived', probes: [{ kind: 'output', passed: true }] } },
    },
  },
  {
    title: 'a server that no README describes',
    cmd: ['/bin/server'],
    readme: null,
    ends: {
      status: 'slimmed',
      warnings: ['weak-workload'],
      dockerfile: ['/srv/index.html'],
      result: { workload: { source: 'derived', probes: [{ kind: 'http', passed: true }] } },
    },
  },
  {
    title: 'a README line that is not understood',
    cmd: ['/bin/server'],
    readme:
      '# App\n\n```\nkraft run -p 8080:8080 .\ncurl localhost:8080\ncurl --unknown-option localhost:8080/x\n```\n\n```\n<h1>Hello</h1>\n```\n',
    ends: { status: 'slimmed', warnings: ['readme-line-ignored'] },
  },
  {
    title: 'a README whose command is another than the cmd, which fails',
    cmd: ['/bin/app', '--broken'],
    programs: { app: { does: ({ argv }) => (argv.includes('--broken') ? ['exit 3'] : ['print Hello']) } },
    readme: prints('Hello', 'kraft run . /bin/app --good'),
    ends: { status: 'slimmed', warnings: ['launch-left-out'] },
  },
  {
    title: 'a needed path that COPY cannot carry',
    tree: { '/var/pipe': 'fifo' },
    config: 'keep: [/var/pipe]\n',
    ends: { status: 'slimmed', warnings: ['path-left-out'], says: '/var/pipe' },
  },
  {
    title: 'keep of a link that leads nowhere',
    dockerfile: ['FROM base:1', 'RUN link'],
    runs: { link: { adds: { '/etc/dangling': 'symlink /nowhere' } } },
    config: 'keep: [/etc/dangling]\n',
    ends: { status: 'slimmed', warnings: [] },
  },
  {
    title: 'a glob that matches nothing',
    config: 'keep: [/opt/none]\ndrop: [/opt/nor-this]\n',
    ends: { status: 'slimmed', warnings: ['glob-unmatched'], says: '/opt/nor-this' },
  },
  {
    title: 'two names of one file',
    tree: { '/opt/a': 'same', '/opt/b': 'link /opt/a' },
    programs: doing('open /opt/a', 'open /opt/b'),
    ends: { status: 'slimmed', warnings: ['hard-link'], says: '/opt/a and /opt/b' },
  },
  {
    title: 'a command that is a script',
    cmd: ['/start.sh'],
    tree: { '/start.sh': { content: '#!/bin/sh\nexec /bin/app\n', mode: 0o755 } },
    programs: { sh: { does: ['open /start.sh', 'exec /bin/app'] } },
    ends: {
      status: 'slimmed',
      warnings: ['script-cmd'],
      says: '/bin/app',
      dockerfile: ['/start.sh', '/bin/sh'],
    },
  },
  {
    title: 'a program that becomes another',
    tree: { '/bin/first': executable('first') },
    cmd: ['/bin/first'],
    programs: { first: { does: ['exec /bin/app'] } },
    ends: { status: 'slimmed', warnings: ['processes'], says: 'use that as cmd' },
  },
  {
    title: 'a program for another processor',
    tree: { '/bin/app': executable('app', { machine: 183 }) },
    ends: { status: 'failed', code: 'not-started', reason: 'exec format error', warnings: ['wrong-machine'] },
  },
  {
    title: 'a program that is not position-independent',
    tree: { '/bin/app': executable('app', { type: 2 }) },
    ends: { status: 'slimmed', warnings: ['not-pie'] },
  },
  {
    title: 'a link to a standard stream',
    tree: { '/var/log/app.log': 'symlink /dev/stdout', '/dev/stdout': '' },
    config: 'keep: [/var/log/*]\n',
    ends: { status: 'slimmed', warnings: ['dev-link'] },
  },
  {
    title: 'a file below /dev',
    tree: { '/dev/special': 'x' },
    config: 'keep: [/dev/special]\n',
    ends: { status: 'slimmed', warnings: ['dev-file'] },
  },
  {
    title: 'a runtime that the catalog has',
    kraftfile: 'spec: v0.6\nruntime: lang:1\nrootfs: ./Dockerfile\ncmd: ["/bin/lang", "/src/main"]\n',
    dockerfile: ['FROM scratch', 'COPY main /src/main'],
    files: {
      main: 'program',
      '/library/lang/1/Kraftfile': kraftfileOf(['/bin/lang']).replace(
        'runtime: base:latest\n',
        'template: {source: x}\n',
      ),
      '/library/lang/1/Dockerfile': 'FROM base:1\nRUN install lang\n',
    },
    runs: { 'install lang': { adds: { '/bin/lang': executable('lang') } } },
    programs: { lang: { does: ['open /src/main', 'print Hello'] } },
    ends: { status: 'unchanged', warnings: ['runtime-from-catalog'] },
  },
  {
    title: 'a final stage that lost a source upstream',
    dockerfile: [
      'FROM base:1 AS build',
      'FROM scratch',
      'COPY --from=build /bin/app /bin/app',
      'COPY --from=build /usr/lib/old.so /usr/lib/old.so',
    ],
    ends: {
      status: 'slimmed',
      warnings: ['drifted'],
      says: '/usr/lib/old.so on line 4',
      result: { repaired: true, before: null },
    },
  },
  {
    title: 'a final stage that lacks a library which its donor has',
    dockerfile: ['FROM base:1 AS build', 'FROM scratch', 'COPY --from=build /bin/app /bin/app'],
    ends: {
      status: 'slimmed',
      warnings: ['drifted'],
      dockerfile: ['/usr/lib/libc.so.6', LOADER],
      result: { repaired: true },
    },
  },
  {
    title: 'a file that the trace does not show',
    tree: { '/var/hidden': 'x' },
    programs: doing('hidden /var/hidden'),
    ends: { status: 'slimmed', warnings: ['search-grew'], dockerfile: ['/var/hidden'] },
  },
  {
    title: 'a file that is missing only on the result',
    tree: { '/var/cache': 'x', '/var/source': 'y' },
    programs: doing('unless /var/cache open /var/source'),
    ends: { status: 'slimmed', warnings: [], dockerfile: ['/var/source'], without: ['/var/cache'] },
  },
  {
    title: 'a page that no README shows and that the result lacks',
    cmd: ['/bin/server'],
    tree: { '/srv/error.html': 'no such page\n' },
    programs: {
      server: {
        does: ['listen 8080'],
        http: {
          'GET /': ['cat /srv/index.html'],
          missing: { does: ['hidden /srv/error.html', 'print sorry'], status: 404 },
        },
      },
    },
    readme: answers('<h1>Hello</h1>'),
    ends: { status: 'slimmed', warnings: ['second-look-differs'] },
  },
  {
    title: 'a page that no README shows is repaired',
    cmd: ['/bin/server'],
    tree: { '/srv/error.html': 'no such page\n' },
    programs: {
      server: {
        does: ['listen 8080'],
        http: {
          'GET /': ['cat /srv/index.html'],
          missing: { does: ['unless /var/none cat /srv/error.html'], status: 404 },
        },
      },
    },
    readme: answers('<h1>Hello</h1>'),
    ends: { status: 'slimmed', warnings: [], dockerfile: ['/srv/error.html'] },
  },
  {
    title: 'a README block of a name that is not known',
    readme: `${prints('Hello')}\n<!-- kraft-slim:begin colour -->\n<!-- kraft-slim:end -->\n`,
    ends: { status: 'slimmed', warnings: ['readme-block'] },
  },
];
