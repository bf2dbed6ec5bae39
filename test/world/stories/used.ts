import { executable } from '../program.ts';
import { answers, kraftfileOf, prints, type Story } from '../story.ts';

const KRAFTFILE = kraftfileOf(['/bin/app']);

const connecting = (address: string, port: number, errno = 'ECONNREFUSED (Connection refused)') =>
  `call connect(3<socket:[1]>, {sa_family=AF_INET, sin_port=htons(${port}), sin_addr=inet_addr("${address}")}, 16) = -1 ${errno}`;

const failing = (...steps: readonly string[]) => ({
  app: { does: [...steps, 'complain no connection', 'exit 3'] },
});

const STORE = { '/bin/store': executable('store'), '/bin/asker': executable('asker') } as const;

/** How apps are used: volumes, networks that are not there, clients and services, a person. */
export const USED: readonly Story[] = [
  {
    title: 'a volume of the Kraftfile is copied into the container',
    kraftfile: `${KRAFTFILE}volumes:\n- source: ./data\n  destination: /data\n- ./one.txt:/one.txt\n- ./new:/new\n`,
    files: {
      'data/a.txt': 'a',
      'data/sub/b.txt': 'b',
      'data/link': { link: 'a.txt' },
      'data/.git/x': 'x',
      'one.txt': '1',
    },
    programs: {
      app: {
        does: [
          'same /data/a.txt a',
          'same /data/sub/b.txt b',
          'same /data/link a',
          'same /one.txt 1',
          'list /new',
          'open /etc/app.conf',
          'print Hello',
        ],
      },
    },
    ends: { status: 'slimmed', dockerfile: ['/etc/app.conf'] },
    next: [
      { ends: { status: 'unchanged' } },
      { edits: { 'data/a.txt': 'changed' }, ends: { status: 'failed', code: 'workload-failed' } },
    ],
  },
  {
    title: 'a volume of the README',
    files: { 'data/a.txt': 'a' },
    readme: prints('Hello', 'kraft run -v ./data:/data .'),
    programs: { app: { does: ['same /data/a.txt a', 'open /etc/app.conf', 'print Hello'] } },
    ends: { status: 'slimmed' },
  },
  {
    title: 'a volume over the root',
    kraftfile: `${KRAFTFILE}volumes:\n- source: ./data\n  destination: /\n`,
    files: { 'data/a.txt': 'a' },
    programs: { app: { does: ['same /a.txt a', 'open /etc/app.conf', 'print Hello'] } },
    ends: { status: 'slimmed' },
  },
  {
    title: 'a volume outside of the catalog is refused',
    kraftfile: `${KRAFTFILE}volumes:\n- source: ../../../outside\n  destination: /data\n`,
    files: { '/../outside/a.txt': 'a' },
    ends: { status: 'failed', code: 'refused', reason: 'cannot mount ../../../outside' },
  },
  {
    title: 'a program that fails since the run has no network is compared by its failure',
    programs: failing(
      'open /etc/app.conf',
      connecting('10.0.0.1', 80, 'ENETUNREACH (Network is unreachable)'),
    ),
    readme: prints('Hello'),
    ends: { status: 'slimmed', warnings: ['weak-workload'], says: 'the connection to 10.0.0.1:80 failed' },
  },
  {
    title: 'a program that looks for a server beside it',
    programs: failing('open /etc/app.conf', connecting('127.0.0.1', 5432)),
    ends: { status: 'slimmed', warnings: ['weak-workload'], says: 'no program listens on 127.0.0.1:5432' },
  },
  {
    title: 'a program that looks for a server over IPv6',
    programs: failing(
      'open /etc/app.conf',
      'call connect(3<socket:[1]>, {sa_family=AF_INET6, sin6_port=htons(0), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=0}, 28) = -1 ENETUNREACH (Network is unreachable)',
    ),
    ends: { status: 'slimmed', warnings: ['weak-workload'], says: '2001:db8::1 failed' },
  },
  {
    title: 'a program that looks up a name',
    programs: failing(
      'open /etc/app.conf',
      connecting('10.0.0.1', 53, 'ENETUNREACH (Network is unreachable)'),
    ),
    ends: { status: 'slimmed', warnings: ['weak-workload'], says: 'the lookup of a name failed' },
  },
  {
    title: 'a program that prints that it cannot look up a name',
    tree: { '/etc/resolv.conf': '' },
    programs: {
      app: {
        does: [
          'open /etc/app.conf',
          'try /etc/resolv.conf',
          'complain Temporary failure in name resolution',
          'exit 3',
        ],
      },
    },
    ends: { status: 'slimmed', warnings: ['weak-workload'], says: 'the lookup of a name failed' },
  },
  {
    title: 'a program that prints so where the engine cannot trace',
    world: { architecture: 'arm64' },
    programs: {
      app: { does: ['open /etc/app.conf', 'complain Temporary failure in name resolution', 'exit 3'] },
    },
    ends: { status: 'slimmed', warnings: ['not-traced', 'search-grew', 'weak-workload'] },
  },
  {
    title: 'a program that prints so without a look at the name servers fails',
    programs: { app: { does: ['complain Temporary failure in name resolution', 'exit 3'] } },
    ends: { status: 'failed', code: 'workload-failed' },
  },
  {
    title: 'a server that ends since the run has no network says so',
    cmd: ['/bin/server'],
    programs: { server: { does: [connecting('10.0.0.1', 80), 'exit 3'] } },
    readme: answers('<h1>Hello</h1>'),
    ends: { status: 'failed', code: 'not-started', hint: 'workload.network: bridge' },
  },
  {
    title: 'a program that the settings describe keeps its failure',
    programs: failing(connecting('10.0.0.1', 80)),
    config: 'workload: {probes: [{kind: output, expect: Hello}]}\n',
    ends: { status: 'failed', code: 'workload-failed', hint: 'workload.network: bridge' },
  },
  {
    title: 'a program that ends well without its expected text keeps its failure',
    programs: { app: { does: [connecting('10.0.0.1', 80), 'print Bye'] } },
    ends: { status: 'failed', code: 'workload-failed', reason: 'the run has no network' },
  },
  {
    title: 'a client of the README is in another stage',
    dockerfile: [
      'FROM base:1 AS clients',
      'RUN add client',
      'FROM base:1 AS build',
      'FROM scratch',
      'COPY --from=build /bin/store /bin/store',
      'COPY --from=clients /etc/app.conf /etc/app.conf',
    ],
    runs: { 'add client': { adds: { '/bin/redis-cli': executable('asker') } } },
    tree: STORE,
    cmd: ['/bin/store'],
    readme: '# App\n\n```\nkraft run -p 6379:6379 .\nredis-cli -h localhost PING\n```\n\n```\nPONG\n```\n',
    programs: {
      asker: { does: ['ask 6379 PING'] },
      store: { does: ['open /etc/app.conf', 'listen 6379'], tcp: { PING: ['print PONG'] } },
    },
    ends: {
      status: 'unchanged',
      result: { workload: { source: 'readme', probes: [{ kind: 'client', passed: true }] } },
    },
  },
  {
    title: 'a client that no image has leaves a connection to the port',
    tree: STORE,
    cmd: ['/bin/store'],
    readme: '# App\n\n```\nkraft run -p 3306:3306 .\nmysql -h 127.0.0.1 -e "SELECT 1"\n```\n\n```\n1\n```\n',
    programs: { store: { does: ['open /etc/app.conf', 'listen 3306'], tcp: {} } },
    ends: { status: 'slimmed', warnings: ['weak-workload'], says: 'no image of the entry has the client' },
  },
  {
    title: 'a client that the settings name and no image has',
    tree: STORE,
    cmd: ['/bin/store'],
    config:
      'workload: {ready: {ports: [6000]}, probes: [{kind: client, command: [/bin/none], expect: PONG}]}\n',
    programs: { store: { does: ['listen 6000'], tcp: { PING: ['print PONG'] } } },
    ends: { status: 'failed', code: 'workload-failed' },
  },
  {
    title: 'a counter in an answer is no difference',
    cmd: ['/bin/server'],
    programs: {
      server: {
        does: ['open /etc/app.conf', 'listen 8080'],
        http: { 'GET /': ['print <p>visits</p>', 'count'] },
      },
    },
    readme: answers('visits'),
    ends: { status: 'slimmed', dockerfile: ['/etc/app.conf'] },
    next: [{ verb: 'verify', ends: { status: 'unchanged' } }],
  },
  {
    title: 'an image that asks for a user and a directory, and an app that fails without them',
    images: {
      'other:1': {
        tree: { '/bin/app': executable('app'), '/srv/main': 'x' },
        config: { user: 'www', workingDir: '/srv', env: { PATH: '/bin', SAYS: "it's" } },
      },
    },
    dockerfile: ['FROM other:1'],
    cmd: ['/bin/app', 'main'],
    programs: { app: { does: ['open /main', 'print Hello'] } },
    ends: { status: 'failed', code: 'workload-failed', hint: 'write /srv/main in place of main in cmd' },
  },
  {
    title: 'an image that asks for a directory which no argument names',
    images: { 'other:1': { tree: { '/bin/app': executable('app') }, config: { workingDir: '/srv' } } },
    dockerfile: ['FROM other:1'],
    programs: { app: { does: ['exit 2'] } },
    ends: { status: 'failed', code: 'workload-failed', hint: 'WORKDIR /srv has no effect' },
  },
  {
    title: 'a person who uses the app adds what the use touched',
    cmd: ['/bin/server'],
    tree: {
      '/srv/admin/a': 'a',
      '/srv/admin/b': 'b',
      '/srv/admin/c': 'c',
      '/srv/admin/d': 'd',
      '/srv/one': '1',
    },
    programs: {
      server: {
        does: ['open /etc/app.conf', 'listen 8080'],
        http: {
          'GET /': ['cat /srv/index.html'],
          'GET /one': ['cat /srv/one'],
          'GET /admin': ['cat /srv/admin/a', 'cat /srv/admin/b', 'cat /srv/admin/c', 'cat /srv/admin/d'],
          'POST /form': ['print ok'],
        },
      },
    },
    readme: answers('<h1>Hello</h1>'),
    visits: async (url) => {
      await fetch(`${url}/one`);
      await fetch(`${url}/admin`);
      await fetch(`${url}/`);
      await fetch(`${url}/form`, {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json' },
      });
    },
    ends: { status: 'slimmed', dockerfile: ['/srv/admin', '/srv/one'] },
  },
  {
    title: 'an app that a person cannot reach',
    visits: true,
    ends: { status: 'slimmed', warnings: ['not-visited'], says: 'no launch of the entry listens' },
  },
  {
    title: 'an app that a person cannot use, since the engine cannot trace',
    cmd: ['/bin/server'],
    readme: answers('<h1>Hello</h1>'),
    visits: true,
    world: { architecture: 'arm64' },
    ends: { status: 'slimmed', warnings: ['not-traced', 'not-visited', 'search-grew'] },
  },
];
