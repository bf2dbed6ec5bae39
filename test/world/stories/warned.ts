import { LOADER } from '../base.ts';
import { executable, library } from '../program.ts';
import { answers, kraftfileOf, prints, type Story } from '../story.ts';

const KRAFTFILE = 'spec: v0.6\nruntime: base:latest\nrootfs: ./Dockerfile\ncmd: ["/bin/app"]\n';

/** An app that does one thing more than it needs to. */
const doing = (...steps: readonly string[]) => ({
  app: { does: [...steps, 'open /etc/app.conf', 'print Hello'] },
});

/** What a run warns of, each with the least that shows it. */
export const WARNED: readonly Story[] = [
  {
    title: 'a RUN line that only the network of the host lets through',
    dockerfile: ['FROM base:1', 'RUN fetch'],
    runs: { fetch: { fails: ['Temporary failure in name resolution'], needsHostNetwork: true } },
    ends: { status: 'slimmed', warnings: ['build-host-network'], says: 'RUN fetch' },
  },
  {
    title: 'a RUN line whose network the settings forbid',
    dockerfile: ['FROM base:1', 'RUN fetch'],
    config: 'build: {network: default}\n',
    runs: { fetch: { fails: ['Temporary failure in name resolution'], needsHostNetwork: true } },
    ends: { status: 'failed', code: 'build-failed', hint: 'build.network' },
  },
  {
    title: 'a frontend that cannot be fetched',
    dockerfile: ['# syntax=docker/dockerfile:1', 'FROM base:1'],
    world: { hasFrontends: false },
    ends: {
      status: 'slimmed',
      warnings: ['syntax-line-ignored'],
      dockerfile: ['# syntax=docker/dockerfile:1'],
    },
  },
  {
    title: 'a key of a Kraftfile that kraft ignores',
    kraftfile: `${KRAFTFILE}rootf: x\n`,
    ends: { status: 'slimmed', warnings: ['kraftfile-unknown-key'], says: 'rootf' },
  },
  {
    title: 'a variable that is not set',
    kraftfile: `${KRAFTFILE}env:\n- MODE=$NOT_SET_ANYWHERE\n`,
    ends: { status: 'slimmed', warnings: ['kraftfile-unset-variable'], says: 'NOT_SET_ANYWHERE' },
  },
  {
    title: 'a value that YAML reads otherwise than it looks',
    kraftfile: `${KRAFTFILE}env:\n  MODE: 0x10\n`,
    ends: { status: 'slimmed', warnings: ['kraftfile-ambiguous-value'] },
  },
  {
    title: 'a command line in one item',
    kraftfile: KRAFTFILE.replace('["/bin/app"]', '["/bin/app -v"]'),
    ends: { status: 'slimmed', warnings: ['kraftfile-cmd-text'], says: 'runs as 2 words' },
  },
  {
    title: 'a cmd that is one text',
    kraftfile: KRAFTFILE.replace('["/bin/app"]', '/bin/app'),
    ends: { status: 'slimmed', warnings: ['kraftfile-cmd-text'] },
  },
  {
    title: 'a key that is there twice with one value',
    kraftfile: `${KRAFTFILE}env:\n  A: "1"\n  A: "1"\n`,
    ends: { status: 'slimmed', warnings: ['kraftfile-repeated-key'] },
  },
  {
    title: 'a key below the top that is there twice',
    kraftfile: `${KRAFTFILE}env:\n  A: "1"\n  A: "2"\n`,
    ends: { status: 'slimmed', warnings: ['kraftfile-replaced-key'] },
  },
  {
    title: 'a tab inside of brackets',
    kraftfile: KRAFTFILE.replace('["/bin/app"]', '[\n\t"/bin/app"]'),
    ends: { status: 'slimmed', warnings: ['kraftfile-tab'] },
  },
  {
    title: 'a target for another processor',
    kraftfile: `${KRAFTFILE}targets:\n- qemu/arm64\n- qemu/x86_64\n`,
    ends: { status: 'slimmed', warnings: ['target-left-alone'], says: 'qemu/arm64' },
  },
  {
    title: 'an old spec',
    kraftfile: KRAFTFILE.replace('v0.6', 'v0.5'),
    ends: { status: 'slimmed', warnings: ['kraftfile-old-form'] },
  },
  {
    title: 'a library that is linked and never loaded',
    tree: { '/usr/lib/plugin.so': library('plugin.so', { needed: ['libno.so.1'] }) },
    programs: doing('open /usr/lib/plugin.so'),
    ends: { status: 'slimmed', warnings: [] },
  },
  {
    title: 'an engine that emulates the processor cannot trace',
    world: { architecture: 'arm64' },
    ends: { status: 'slimmed', warnings: ['not-traced', 'search-grew'], dockerfile: ['/etc/app.conf'] },
  },
  {
    title: 'traces that differ',
    tree: { '/var/sometimes': 'x' },
    config: 'workload: {runs: 3}\n',
    programs: doing('every 3 open /var/sometimes'),
    ends: { status: 'slimmed', warnings: ['trace-varied'], dockerfile: ['/var/sometimes'] },
  },
  {
    title: 'an app that reads /proc',
    tree: { '/proc/meminfo': 'x' },
    programs: doing('try /proc/meminfo'),
    ends: { status: 'slimmed', warnings: ['kernel-files'], says: '/proc/meminfo' },
  },
  {
    title: 'an app that starts a process',
    tree: { '/bin/worker': executable('worker') },
    programs: { ...doing('run /bin/worker'), worker: { does: ['try /etc/worker.conf'] } },
    ends: { status: 'slimmed', warnings: ['processes'], dockerfile: ['/bin/worker'] },
  },
  {
    title: 'an app that sends a signal',
    programs: doing('call kill(1, SIGUSR1) = 0'),
    ends: { status: 'slimmed', warnings: ['signals'] },
  },
  {
    title: 'an app that listens on IPv6',
    programs: doing('call bind(3<socket:[1]>, {sa_family=AF_INET6, sin6_port=htons(80)}, 28) = 0'),
    ends: { status: 'slimmed', warnings: ['ipv6-bind'] },
  },
  {
    title: 'an app that is refused IPv6 where it is traced',
    programs: doing('call bind(3<socket:[1]>, {sa_family=AF_INET6}, 28) = -1 EADDRNOTAVAIL (Cannot assign)'),
    ends: { status: 'slimmed', warnings: [] },
  },
  {
    title: 'an app that uses sendfile',
    programs: doing('call sendfile(4<socket:[1]>, 5</srv/index.html>, NULL, 14) = 14'),
    ends: { status: 'slimmed', warnings: ['sendfile'] },
  },
  {
    title: 'an app that shares its port',
    programs: doing('call setsockopt(3<socket:[1]>, SOL_SOCKET, SO_REUSEPORT, [1], 4) = 0'),
    ends: { status: 'slimmed', warnings: ['reuse-port'] },
  },
  {
    title: 'an app that changes its user',
    programs: doing('call setuid(33) = 0'),
    ends: { status: 'slimmed', warnings: ['user-change'] },
  },
  {
    title: 'an app that logs to /dev/stdout',
    programs: doing('call openat(AT_FDCWD</>, "/dev/stdout", O_WRONLY|O_APPEND) = 3</dev/pts/0>'),
    ends: { status: 'slimmed', warnings: ['dev-stdout'] },
  },
  {
    title: 'an app that uses a call that Unikraft lacks',
    programs: doing('call memfd_create("x", 0) = 3'),
    ends: { status: 'slimmed', warnings: ['missing-calls'], says: 'memfd' },
  },
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
