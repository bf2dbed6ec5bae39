import { executable } from '../program.ts';
import { answers, kraftfileOf, prints, type Story } from '../story.ts';

const SHRINK = { strategy: 'shrink', aggressive: false, maxRuns: null } as const;
const STORE = { '/bin/store': executable('store') } as const;

/** An app that opens the files of its settings, and then does more. */
const doing = (...steps: readonly string[]) => ({
  app: { does: [...steps, 'open /etc/app.conf', 'print Hello'] },
});

/** Answers that vary, searches that remember, and other odd runs. */
export const ODD: readonly Story[] = [
  {
    title: 'a page with a counter that no README describes',
    cmd: ['/bin/server'],
    readme: null,
    programs: {
      server: {
        does: ['open /etc/app.conf', 'listen 8080'],
        http: { 'GET /': ['print <p>visits so far: many</p>', 'count'] },
      },
    },
    ends: { status: 'slimmed', warnings: ['weak-workload'] },
    next: [{ verb: 'verify', ends: { status: 'unchanged', warnings: ['weak-workload'] } }],
  },
  {
    title: 'a rate that the runs on the full root file system share, and the result does not',
    programs: { app: { does: ['open /etc/app.conf', 'print a rate of so many each second', 'count 4'] } },
    config: 'workload: {probes: [{kind: output}]}\n',
    ends: {
      status: 'slimmed',
      result: { search: { oracleRuns: 0, cacheHits: 0, minimal: 'none', held: 0, implied: 0 } },
    },
  },
  {
    title: 'a rate that differs in one run of the result alone',
    programs: {
      app: {
        does: ['open /etc/app.conf', 'print a rate of so many each second', 'nth 3'],
      },
    },
    config: 'workload: {probes: [{kind: output}]}\n',
    ends: {
      status: 'slimmed',
      result: { search: { oracleRuns: 0, cacheHits: 0, minimal: 'none', held: 0, implied: 0 } },
    },
  },
  {
    title: 'a second launch that answers differently each time is left out',
    cmd: ['/bin/app', 'count'],
    readme: prints('Hello', 'kraft run . /bin/app plain'),
    programs: {
      app: {
        does: ({ argv }) =>
          argv.includes('count') ? ['count', 'count', 'print x'] : ['open /etc/app.conf', 'print Hello'],
      },
    },
    ends: { status: 'slimmed', warnings: ['launch-left-out'], says: 'give different answers' },
  },
  {
    title: 'an app that answers differently each time where the engine cannot trace',
    world: { architecture: 'arm64' },
    programs: { app: { does: ['count', 'count', 'print x'] } },
    config: 'workload: {probes: [{kind: output}]}\n',
    ends: { status: 'failed', code: 'baseline-unstable', warnings: ['not-traced'] },
  },
  {
    title: 'a script that another program takes the place of',
    cmd: ['/start.sh'],
    tree: { '/start.sh': { content: '#!/bin/sh\nset -e\nfoo && bar\n', mode: 0o755 } },
    programs: { sh: { does: ['open /start.sh', 'exec /bin/app'] } },
    ends: { status: 'slimmed', warnings: ['script-cmd'], dockerfile: ['/start.sh', '/bin/app'] },
  },
  {
    title: 'a program that is not position-independent, for a runtime that is Linux',
    kraftfile:
      'spec: v0.7\n\nruntime: base-compat:latest\n\nrootfs:\n  source: ./Dockerfile\n  format: erofs\n\ncmd: ["/bin/app"]\n',
    tree: { '/bin/app': executable('app', { type: 2 }) },
    ends: { status: 'slimmed', warnings: [] },
  },
  {
    title: 'an app that fails with a variable that a shell has to quote',
    config: 'workload: {env: {SAYS: "it\'s"}}\n',
    programs: { app: { does: ['exit 2'] } },
    ends: { status: 'failed', code: 'workload-failed', hint: "-e 'SAYS=it'\\''s'" },
  },
  {
    title: 'a page and a client that no image has',
    cmd: ['/bin/server'],
    readme:
      '# App\n\n```\nkraft run -p 8080:8080 .\ncurl localhost:8080\nmysql -h 127.0.0.1 -e "SELECT 1"\n```\n\n```\n<h1>Hello</h1>\n```\n',
    ends: { status: 'slimmed', warnings: ['readme-line-ignored'], says: 'mysql' },
    next: [{ verb: 'verify', ends: { status: 'unchanged', warnings: ['readme-line-ignored'] } }],
  },
  {
    title: 'an entry that was never slimmed with a client that no image has',
    cmd: ['/bin/store'],
    tree: STORE,
    readme: '# App\n\n```\nkraft run -p 3306:3306 .\nmysql -h 127.0.0.1 -e "SELECT 1"\n```\n\n```\n1\n```\n',
    programs: { store: { does: ['open /etc/app.conf', 'listen 3306'], tcp: {} } },
    verb: 'verify',
    ends: { status: 'unchanged', warnings: ['weak-workload'] },
  },
  {
    title: 'the tool itself says what redis-cli would say',
    cmd: ['/bin/store'],
    tree: STORE,
    readme: '# App\n\n```\nkraft run -p 6379:6379 .\nredis-cli -h localhost PING\n```\n\n```\nPONG\n```\n',
    programs: {
      store: {
        does: ['open /etc/app.conf', 'listen 6379'],
        tcp: { '*1': ['print +PONG\r'], $4: [], PING: [] },
      },
    },
    ends: { status: 'slimmed' },
  },
  {
    title: 'a delta whose settings have a mistake is left out',
    entry: 'library/lang/1',
    kraftfile: kraftfileOf(['/bin/server']).replace('runtime: base:latest\n', 'template: {source: x}\n'),
    readme: answers('<h1>Hello</h1>'),
    files: {
      '/examples/over/Kraftfile': 'spec: v0.6\nruntime: lang:1\nrootfs: ./Dockerfile\ncmd: ["/bin/app"]\n',
      '/examples/over/Dockerfile': 'FROM scratch\nCOPY main /src/main\n',
      '/examples/over/kraft-slim.yaml': 'kepe: []\n',
      '/examples/over/main': 'x',
    },
    ends: { status: 'slimmed', warnings: ['dependent-left-out'], says: 'kepe' },
  },
  {
    title: 'a search that is asked for again remembers its answers',
    programs: { app: { does: ['try /etc/passwd', 'open /etc/app.conf', 'print Hello'] } },
    options: { search: SHRINK },
    ends: { status: 'slimmed' },
    next: [
      {
        options: { search: SHRINK, redo: true },
        ends: { status: 'unchanged', dockerfile: ['minimal=1-minimal'] },
      },
      { options: { search: SHRINK }, ends: { status: 'unchanged' } },
    ],
  },
  {
    title: 'a dry run of a search remembers nothing',
    options: { search: SHRINK, dryRun: true },
    ends: { status: 'slimmed' },
  },
  {
    title: 'a search whose answers cannot be kept',
    options: { search: SHRINK, stateDirectory: '/dev/null/state' },
    ends: { status: 'slimmed', warnings: ['state-not-kept'] },
  },
  {
    title: 'a search that begins with nothing, over files of the kernel and the engine',
    tree: {
      '/proc/x': 'x',
      '/etc/hosts': 'h',
      '/var/e': 'directory',
      '/var/listed/a': 'a',
      '/var/listed/b': 'b',
    },
    programs: doing('list /var/listed', 'open /var/listed/a'),
    config: 'keep: [/var/e, /srv/index.html]\nbudget: {seconds: 300}\ndrop: [/usr/share/**]\n',
    options: { search: { strategy: 'search-only', aggressive: false, maxRuns: null } },
    ends: { status: 'slimmed', dockerfile: ['/var/listed/a', '/srv/index.html', 'WORKDIR /var/e'] },
  },
  {
    title: 'a search over a directory that the app lists',
    tree: { '/var/listed/a': 'a', '/var/listed/b': 'b' },
    programs: doing('list /var/listed', 'open /var/listed/a'),
    options: { search: SHRINK },
    ends: { status: 'slimmed', dockerfile: ['/var/listed/a'], without: ['/var/listed/b'] },
  },
  {
    title: 'many directories of the author that are kept in part',
    dockerfile: ['FROM base:1', 'RUN fill'],
    runs: {
      fill: {
        adds: Object.fromEntries(
          Array.from({ length: 8 }, (_, at) => [
            [`/opt/d${at}/a`, 'a'],
            [`/opt/d${at}/b`, 'b'],
            [`/opt/d${at}/c`, 'c'.repeat(5000)],
          ]).flat(),
        ),
      },
    },
    programs: doing(...Array.from({ length: 8 }, (_, at) => `open /opt/d${at}/a`)),
    options: { search: SHRINK },
    ends: { status: 'slimmed', warnings: ['partly-kept'], says: 'more directories' },
  },
];
