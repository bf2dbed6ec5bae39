import { LOADER } from '../base.ts';
import { executable, library } from '../program.ts';
import { answers, prints, type Story } from '../story.ts';

const APP = ['FROM scratch', 'ENV PATH=/bin'];

/** What is kept of a root file system, by what the app does. */
export const KEPT: readonly Story[] = [
  {
    title: 'a server keeps its program, its settings and its page',
    cmd: ['/bin/server'],
    readme: answers('<h1>Hello</h1>'),
    ends: {
      status: 'slimmed',
      stage: [
        ...APP,
        'COPY --from=build /bin/server /bin/server',
        'COPY --from=build /etc/app.conf /etc/app.conf',
        'COPY --from=build /srv/index.html /srv/index.html',
      ],
      result: { workload: { source: 'readme', probes: [{ kind: 'http', passed: true }] }, verified: true },
    },
  },
  {
    title: 'a linked program keeps its loader and its library',
    ends: {
      status: 'slimmed',
      stage: [
        ...APP,
        'COPY --from=build /bin/app /bin/app',
        'COPY --from=build /usr/lib/libc.so.6 /usr/lib/libc.so.6',
        'COPY --from=build /lib64/ld-linux-x86-64.so.2 /lib64/ld-linux-x86-64.so.2',
        'COPY --from=build /etc/app.conf /etc/app.conf',
      ],
      result: { workload: { source: 'readme', probes: [{ kind: 'output', passed: true }] } },
    },
  },
  {
    title: 'a library that a library links comes too',
    tree: {
      '/bin/app': executable('app', { interpreter: LOADER, needed: ['liba.so.1'] }),
      '/usr/lib/liba.so.1': library('liba.so.1', { needed: ['libb.so.2'] }),
      '/usr/lib/libb.so.2': library('libb.so.2'),
    },
    ends: { status: 'slimmed', dockerfile: ['/usr/lib/libb.so.2'], without: ['libc.so.6'] },
  },
  {
    title: 'a library behind a link arrives under the name that is asked for',
    tree: {
      '/bin/app': executable('app', { interpreter: LOADER, needed: ['liba.so.1'] }),
      '/usr/lib/liba.so.1': 'symlink liba.so.1.2.3',
      '/usr/lib/liba.so.1.2.3': library('liba.so.1'),
    },
    ends: { status: 'slimmed', dockerfile: ['COPY --from=build /usr/lib/liba.so.1 /usr/lib/liba.so.1'] },
  },
  {
    title: 'a library that is opened by the program alone is found by the trace',
    tree: { '/usr/lib/plugin.so': library('plugin.so') },
    programs: { app: { does: ['open /usr/lib/plugin.so', 'print Hello'] } },
    ends: { status: 'slimmed', dockerfile: ['/usr/lib/plugin.so'], without: ['/etc/app.conf'] },
  },
  {
    title: 'a file that the app only stats is kept',
    tree: { '/var/lock-here': 'x' },
    programs: { app: { does: ['stat /var/lock-here', 'print Hello'] } },
    ends: { status: 'slimmed', dockerfile: ['/var/lock-here'] },
  },
  {
    title: 'what the app looks up and does not find is not kept',
    programs: { app: { does: ['try /etc/none', 'look /none', 'print Hello'] } },
    ends: { status: 'slimmed', without: ['/etc/none', '/none'] },
  },
  {
    title: 'a directory that the app lists is kept with what is in it',
    tree: { '/var/plugins/a': 'a', '/var/plugins/b': 'b' },
    programs: { app: { does: ['list /var/plugins', 'print Hello'] } },
    ends: { status: 'slimmed', dockerfile: ['/var/plugins'] },
  },
  {
    title: 'an empty directory that the app lists is made',
    tree: { '/var/empty': 'directory' },
    programs: { app: { does: ['list /var/empty', 'print Hello'] } },
    ends: { status: 'slimmed', dockerfile: ['WORKDIR /var/empty'] },
  },
  {
    title: 'the directory that the app writes into is made',
    tree: { '/var/run/old.pid': '1' },
    programs: { app: { does: ['write /var/run/app.pid 1', 'print Hello'] } },
    ends: { status: 'slimmed', dockerfile: ['WORKDIR /var/run'], without: ['old.pid', 'app.pid'] },
  },
  {
    title: 'a link is copied as the file that it leads to',
    tree: { '/etc/zone': 'symlink /usr/share/zone', '/usr/share/zone': 'UTC' },
    programs: { app: { does: ['same /etc/zone UTC', 'print Hello'] } },
    ends: {
      status: 'slimmed',
      dockerfile: ['COPY --from=build /etc/zone /etc/zone'],
      without: ['/usr/share/zone'],
    },
  },
  {
    title: 'a file with spaces in its name is copied in JSON form',
    tree: { '/srv/a page.html': 'x' },
    config: 'keep: ["/srv/a page.html"]\n',
    ends: { status: 'slimmed', dockerfile: ['COPY --from=build ["/srv/a page.html", "/srv/a page.html"]'] },
  },
  {
    title: 'what came from the build context is kept even where no probe touches it',
    dockerfile: ['FROM base:1', 'COPY second.html /srv/second.html'],
    files: { 'second.html': '<h1>Second</h1>\n' },
    ends: { status: 'slimmed', dockerfile: ['/srv/second.html'] },
  },
  {
    title: 'a directory of the build context is kept whole',
    dockerfile: ['FROM base:1', 'COPY site /srv/site'],
    files: { 'site/a.html': 'a', 'site/b/c.html': 'c' },
    ends: { status: 'slimmed', dockerfile: ['COPY --from=build /srv/site /srv/site'] },
  },
  {
    title: 'what the ignore file hides is not in the image',
    dockerfile: ['FROM base:1', 'COPY site /srv/site'],
    files: { 'site/a.html': 'a', 'site/secret': 's', '.dockerignore': 'site/secret\n' },
    ends: { status: 'slimmed', dockerfile: ['/srv/site'], without: ['secret'] },
  },
  {
    title: 'a relative destination is below the WORKDIR',
    dockerfile: ['FROM base:1', 'WORKDIR /opt/app', 'COPY data.txt .'],
    files: { 'data.txt': 'data' },
    ends: { status: 'slimmed', dockerfile: ['/opt/app/data.txt'] },
  },
  {
    title: 'the environment of the image stays where the platform does not give it',
    dockerfile: ['FROM base:1', 'ENV MODE=fast'],
    programs: { app: { does: ['env MODE', 'print Hello'] } },
    readme: prints('fast'),
    ends: { status: 'slimmed', dockerfile: ['ENV MODE=fast'] },
  },
  {
    title: 'a program that a RUN line installs is kept, and what else it added is not',
    dockerfile: ['FROM base:1', 'RUN install tool'],
    cmd: ['/usr/bin/tool'],
    runs: {
      'install tool': { adds: { '/usr/bin/tool': executable('tool'), '/usr/share/man/tool.1': 'manual' } },
    },
    programs: { tool: { does: ['print Hello'] } },
    ends: { status: 'slimmed', dockerfile: ['/usr/bin/tool'], without: ['/usr/share/man'] },
  },
  {
    title: 'a stage that is there keeps its name',
    dockerfile: ['FROM base:1 AS made', 'RUN install tool', 'FROM made'],
    runs: { 'install tool': { adds: { '/usr/share/man/tool.1': 'manual' } } },
    ends: {
      status: 'slimmed',
      dockerfile: ['COPY --from=build /bin/app /bin/app'],
      without: ['/usr/share/man'],
    },
  },
  {
    title: 'a program of another stage is kept with the path that it was copied to',
    dockerfile: ['FROM base:1 AS build', 'FROM base:1', 'COPY --from=build /bin/server /opt/tool'],
    cmd: ['/opt/tool'],
    readme: answers('<h1>Hello</h1>'),
    ends: { status: 'slimmed', dockerfile: ['/opt/tool'], without: ['/bin/server /bin/server'] },
  },
  {
    title: 'a file that a request alone reads is kept',
    cmd: ['/bin/server'],
    tree: { '/srv/data.json': '{}\n' },
    programs: {
      server: {
        does: ['listen 8080'],
        http: {
          'GET /': ['cat /srv/index.html'],
          'GET /data': { does: ['cat /srv/data.json'], type: 'application/json' },
        },
      },
    },
    readme: answers('{}', '/data'),
    ends: { status: 'slimmed', dockerfile: ['/srv/data.json'] },
  },
  {
    title: 'every Kraftfile of one Dockerfile keeps what it needs',
    tree: { '/bin/second': executable('second'), '/etc/second.conf': 'x' },
    programs: { second: { does: ['open /etc/second.conf', 'print Hello'] } },
    files: {
      'Kraftfile.second':
        'spec: v0.6\n\nruntime: base:latest\n\nrootfs: ./Dockerfile\n\ncmd: ["/bin/second"]\n',
    },
    ends: { status: 'slimmed', dockerfile: ['/etc/app.conf', '/bin/second', '/etc/second.conf'] },
  },
];
