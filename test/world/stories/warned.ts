import { executable, library } from '../program.ts';
import type { Story } from '../story.ts';

const KRAFTFILE = 'spec: v0.6\nruntime: base:latest\nrootfs: ./Dockerfile\ncmd: ["/bin/app"]\n';

/** An app that does one thing more than it needs to. */
const doing = (...steps: readonly string[]) => ({
  app: { does: [...steps, 'open /etc/app.conf', 'print Hello'] },
});

/** What a run warns of, each with the least that shows it. */
export const WARNED: readonly Story[] = [
  {
    title: 'a Dockerfile without a Kraftfile, which gets one',
    files: { Kraftfile: null },
    dockerfile: ['FROM base:1', 'CMD ["/bin/app"]'],
    ends: {
      status: 'slimmed',
      warnings: ['kraftfile-absent'],
      files: { Kraftfile: 'rootfs: ./Dockerfile' },
      written: ['Kraftfile', 'Dockerfile'],
    },
  },
  {
    title: 'an app that names another app, which the catalog lacks',
    cmd: ['/bin/server'],
    readme:
      '# App\n\n```console\nkraft cloud deploy -p 443:8080/tls+http -e STORE=store.internal:6379 .\n```\n\n```console\ncurl https://app.fra.unikraft.app/\n```\n',
    ends: { status: 'slimmed', warnings: ['service-missing', 'weak-workload'], says: 'store.internal' },
  },
  {
    title: 'an app that a person cannot use, since it listens on no port',
    visits: true,
    ends: { status: 'slimmed', warnings: ['not-visited'], says: 'listens on a port' },
  },
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
    title: 'a value that YAML reads differently from what it looks like',
    kraftfile: `${KRAFTFILE}env:\n  MODE: 0x10\n`,
    ends: { status: 'slimmed', warnings: ['kraftfile-ambiguous-value'] },
  },
  {
    title: 'a command line in one item',
    kraftfile: KRAFTFILE.replace('["/bin/app"]', '["/bin/app -v"]'),
    ends: { status: 'slimmed', warnings: ['kraftfile-cmd-text'], says: 'splits into 2 words' },
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
];
