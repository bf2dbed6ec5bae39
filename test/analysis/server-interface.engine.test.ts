import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectEngine } from '../../src/engine/connect.ts';
import type { Result } from '../../src/slim/result.ts';
import type { HttpProbe } from '../../src/workload/probe.ts';
import { runLaunch } from '../../src/workload/run-launch.ts';
import { USUAL } from '../../src/workload/workload.ts';
import { type Catalog, catalogOf } from '../support/catalog.ts';
import { type FullImage, fullImage } from '../support/full-image.ts';
import { runEntry } from '../support/run-entry.ts';

const ENTRY = 'library/apache2/2.4';
const MODULES = '/usr/lib/apache2/modules';
const COMMAND = ['/usr/sbin/apache2', '-X', '-f', '/etc/apache2/httpd.conf'] as const;

/** A site of one page. Icons and error pages are there for requests that its README does not show. */
const SETTINGS = [
  'ServerRoot /etc/apache2',
  'ServerName localhost',
  'Listen 0.0.0.0:80',
  'PidFile /run/httpd.pid',
  'ErrorLog /dev/stderr',
  'LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so',
  'Include /etc/apache2/mods-available/authz_core.load',
  ...['alias', 'dir', 'filter', 'include', 'mime', 'negotiation'].map(
    (name) => `Include /etc/apache2/mods-available/${name}.load`,
  ),
  'TypesConfig /etc/mime.types',
  'DocumentRoot /srv',
  'DirectoryIndex index.html',
  'Alias /icons/ /usr/share/apache2/icons/',
  'Alias /error/ /usr/share/apache2/error/',
  'ErrorDocument 404 /error/HTTP_NOT_FOUND.html.var',
  '<Directory /usr/share/apache2/error>',
  'Options IncludesNoExec',
  'AddOutputFilter Includes html',
  'AddHandler type-map var',
  'LanguagePriority en',
  'ForceLanguagePriority Prefer Fallback',
  '</Directory>',
];

let catalog: Catalog;
let full: FullImage;
let slim: FullImage;
let result: Result;

beforeAll(async () => {
  catalog = await catalogOf({
    [`${ENTRY}/Kraftfile`]: `spec: v0.6\n\nrootfs: ./Dockerfile\n\ncmd: ${JSON.stringify(COMMAND)}\n`,
    [`${ENTRY}/README.md`]:
      '# Apache\n\n```\nkraft run -p 8080:80 .\n```\n\n```\ncurl localhost:8080\n```\n\n```\nServed\n```\n',
    [`${ENTRY}/Dockerfile`]: [
      'FROM debian:bookworm',
      'RUN apt-get update && apt-get install -y --no-install-recommends apache2 && rm -rf /var/lib/apt/lists/*',
      'COPY httpd.conf /etc/apache2/httpd.conf',
      'COPY index.html /srv/index.html',
      '',
    ].join('\n'),
    [`${ENTRY}/httpd.conf`]: `${SETTINGS.join('\n')}\n`,
    [`${ENTRY}/index.html`]: 'Served\n',
  });
  full = await fullImage(catalog, ENTRY);
  result = await runEntry(catalog, ENTRY);
  slim = await fullImage(catalog, ENTRY);
});
afterAll(async () => {
  for (const thing of [slim, full, catalog]) await thing?.[Symbol.asyncDispose]();
});

test('a library entry of a server promises its interface, and ends verified below two fifths of its size', () => {
  expect(result).toMatchObject({ exitCode: 0, promise: 'runtime', status: 'slimmed', verified: true });
  const { before, after } = result;
  expect(after?.bytes).toBeLessThan(((before?.bytes ?? 0) * 2) / 5);
});

test('every module of httpd that loads from the full root file system loads from the result', async () => {
  const listed = await full.run(['ls', MODULES]);
  const modules = listed.split('\n').flatMap((name) => /^mod_(?!mpm_)(\w+)\.so$/.exec(name)?.[1] ?? []);
  expect(modules.length).toBeGreaterThan(100);
  const loads = modules.flatMap((name) => ['-c', `LoadFile ${MODULES}/mod_${name}.so`]);
  const loadAll = [...COMMAND, ...loads, '-t', '-D', 'DUMP_MODULES'];
  expect(await slim.run(loadAll)).toEqual(await full.run(loadAll));
});

test.each([
  ['/icons/folder.gif', /^200 .*image\/gif/],
  ['/icons/apache_pb2.png', /^200 .*image\/png/],
  ['/gone', /^404 .*text\/html/],
])('%s is answered as from the full root file system, though no probe asks for it', async (path, status) => {
  const answer = await ask(slim, path);
  expect(answer?.status).toMatch(status);
  expect(answer).toEqual(await ask(full, path));
});

async function ask({ id }: FullImage, path: string) {
  const probe: HttpProbe = {
    kind: 'http',
    port: 80,
    tls: false,
    method: 'GET',
    path,
    headers: {},
    body: null,
    expectStatus: null,
    expect: null,
    showsHead: false,
    follows: false,
  };
  const { answers } = await runLaunch(await connectEngine(), {
    image: id,
    clients: full.id,
    argv: COMMAND,
    env: {},
    workload: { source: 'derived', ports: [80], probes: [probe], ...USUAL },
  });
  return answers[0]?.answer;
}
