import type { WorldImage } from './build.ts';
import type { Program } from './program.ts';
import { binary, executable, library } from './program.ts';

export const LOADER = '/lib64/ld-linux-x86-64.so.2';

/** A small Debian: a loader, two libraries, a shell, an app that prints, a server, and files that no app needs. */
export const BASE: WorldImage = {
  tree: {
    [LOADER]: { ...library('ld-linux-x86-64.so.2'), mode: 0o755 },
    '/usr/lib/libc.so.6': library('libc.so.6', { needed: ['ld-linux-x86-64.so.2'] }),
    '/bin/app': executable('app', { interpreter: LOADER, needed: ['libc.so.6'] }),
    '/bin/server': executable('server'),
    '/bin/sh': executable('sh'),
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
    '/etc/app.conf': 'greeting=hello\n',
    '/srv/index.html': '<h1>Hello</h1>\n',
    '/usr/share/doc/app/README': 'no program reads this\n',
    '/usr/share/doc/app/changelog': 'nor this\n',
    '/tmp': 'directory 1777',
  },
  config: { env: { PATH: '/bin' } },
};

export const PROGRAMS: Readonly<Record<string, Program>> = {
  app: { does: ['open /etc/app.conf', 'print Hello'] },
  server: { does: ['open /etc/app.conf', 'listen 8080'], http: { 'GET /': ['cat /srv/index.html'] } },
};

/** What a base has to have for a RUN that removes files, or assembles a root from a list. */
export const TOOLS = {
  '/bin/rm': executable('rm'),
  '/bin/mkdir': executable('mkdir'),
  '/bin/tar': { content: binary('tar', { data: '--verbatim-files-from' }), mode: 0o755 },
} as const;
