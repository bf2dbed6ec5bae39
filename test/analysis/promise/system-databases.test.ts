import { describe, expect, test } from 'vitest';
import { certificates } from '../../../src/analysis/promise/certificates.ts';
import { nameService } from '../../../src/analysis/promise/name-service.ts';
import type { PromiseRule } from '../../../src/analysis/promise/rule.ts';
import { SYSTEM_DATABASES } from '../../../src/analysis/promise/system-databases.ts';
import { object, promisedBy } from './promised-by.ts';

/** One file of each database, and the neighbours that no rule keeps. */
const DATABASES = {
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
  '/etc/group': 'root:x:0:\n',
  '/etc/shadow': 'root:*:1::::::\n',
  '/etc/services': 'http 80/tcp\n',
  '/etc/protocols': 'tcp 6 TCP\n',
  '/etc/nsswitch.conf': 'passwd: files\nhosts: files dns\n',
  '/etc/hosts': '127.0.0.1 localhost\n',
  '/etc/resolv.conf': '',
  '/etc/mime.types': 'text/html html\n',
  '/usr/share/mime/globs2': '50:text/html:*.html\n',
  '/usr/share/zoneinfo/Europe/Berlin': 'TZif',
  '/usr/share/zoneinfo/right/Europe/Berlin': 'TZif',
  '/etc/localtime': 'symlink /usr/share/zoneinfo/Europe/Berlin',
  '/etc/ssl/certs/ca-certificates.crt': 'bundle',
  '/etc/ssl/certs/0a1b2c3d.0': 'symlink A.pem',
  '/etc/ssl/certs/A.pem': 'symlink /usr/share/ca-certificates/A.crt',
  '/usr/share/ca-certificates/A.crt': 'certificate',
  '/etc/ssl/private/key.pem': 'key',
  '/lib/terminfo/x/xterm': 'terminfo',
  '/usr/share/terminfo/d/dtterm': 'terminfo',
  '/etc/fonts/fonts.conf': 'fonts',
  '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf': 'font',
  '/tmp': 'directory 1777',
};

const USERS = ['/etc/group', '/etc/passwd'];
const SERVICES = ['/etc/protocols', '/etc/services'];
const NAMES = ['/etc/hosts', '/etc/nsswitch.conf'];
const ZONES = ['/etc/localtime', '/usr/share/zoneinfo/Europe/Berlin'];
const CERTIFICATES = [
  '/etc/ssl/certs/0a1b2c3d.0',
  '/etc/ssl/certs/A.pem',
  '/etc/ssl/certs/ca-certificates.crt',
];
const TERMINFO = ['/lib/terminfo/x/xterm', '/usr/share/terminfo/d/dtterm'];

const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'users-and-groups': USERS,
  'services-and-protocols': SERVICES,
  'name-service': NAMES,
  'media-types': ['/etc/mime.types'],
  'shared-mime-info': ['/usr/share/mime/globs2'],
  'time-zones': ZONES,
  certificates: CERTIFICATES,
  terminfo: TERMINFO,
  fonts: ['/etc/fonts/fonts.conf', '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf'],
  'temporary-files': ['/tmp'],
};

const RULES: readonly PromiseRule[] = [...SYSTEM_DATABASES, nameService, certificates];

/** The names of the rules that keep what is expected of them; every other rule keeps nothing. */
async function keptDatabases(...[table, options]: [Record<string, string | Uint8Array>, object?]) {
  const kept: string[] = [];
  for (const rule of RULES) {
    const paths = await promisedBy(rule, { ...DATABASES, ...table }, options);
    if (paths.length === 0) continue;
    expect({ rule: rule.name, paths }).toEqual({ rule: rule.name, paths: EXPECTED[rule.name] });
    kept.push(rule.name);
  }
  return kept;
}

test('every rule has an expectation', () => {
  expect(RULES.map(({ name }) => name).sort()).toEqual(Object.keys(EXPECTED).sort());
});

describe('a database stays where a kept object imports a function that reads it:', () => {
  test.each([
    ['getpwnam_r', ['users-and-groups', 'name-service']],
    ['getgrouplist', ['users-and-groups', 'name-service']],
    ['getservbyname', ['services-and-protocols', 'name-service']],
    ['getprotobynumber_r', ['services-and-protocols', 'name-service']],
    ['getaddrinfo', ['services-and-protocols', 'name-service']],
    ['localtime_r', ['time-zones']],
    ['mktime', ['time-zones']],
    ['SSL_CTX_set_default_verify_paths', ['certificates']],
    ['gnutls_certificate_set_x509_system_trust', ['certificates']],
    ['curl_easy_perform', ['certificates']],
    ['g_content_type_guess', ['shared-mime-info']],
    ['tgetent', ['terminfo']],
    ['mkstemp64', ['temporary-files']],
    ['FcFontMatch', ['fonts']],
    ['malloc', []],
    ['gmtime_r', []],
  ])('%s', async (name, databases) => {
    expect(await keptDatabases({ '/usr/lib/libx.so.1': object({ imports: [name] }) })).toEqual(databases);
  });

  test('an object that goes says nothing', async () => {
    const table = { '/usr/lib/libx.so.1': object({ imports: ['getpwnam', 'localtime', 'tgetent'] }) };
    expect(await keptDatabases(table, { kept: [] })).toEqual([]);
  });

  test.each(['/lib/x86_64-linux-gnu/libc.so.6', '/lib/libnss_files-2.31.so', '/lib/libc.musl-x86_64.so.1'])(
    'the C library itself says nothing: %s',
    async (path) => {
      const code = object({ imports: ['getpwnam', 'localtime'], data: '/etc/services /etc/mime.types ' });
      expect(await keptDatabases({ [path]: code })).toEqual([]);
    },
  );

  test('a library whose name begins as libc does', async () => {
    const table = { '/usr/lib/libc-client.so.2007e': object({ imports: ['getpwnam'] }) };
    expect(await keptDatabases(table)).toEqual(['users-and-groups', 'name-service']);
  });
});

describe('a database stays where a kept object has its path in it:', () => {
  test.each([
    ['/etc/passwd', ['users-and-groups']],
    ['/etc/protocols', ['services-and-protocols']],
    ['/etc/resolv.conf', ['name-service']],
    ['/etc/mime.types', ['media-types']],
    ['/usr/local/share/mime/globs2', ['shared-mime-info']],
    ['/usr/share/zoneinfo/', ['time-zones']],
    ['/etc/pki/tls/certs', ['certificates']],
    ['/etc/ssl/certs/ca-certificates.crt', ['certificates']],
    ['/usr/share/terminfo', ['terminfo']],
    ['/tmp/XXXXXX', ['temporary-files']],
    ['/etc/hostname', []],
  ])('%s', async (text, databases) => {
    expect(await keptDatabases({ '/server': object({ data: `\0${text}\0` }) })).toEqual(databases);
  });

  test("among the texts of Go's linker, which puts them behind each other", async () => {
    const data = 'invalid base/etc/mime.types/etc/passwd/usr/share/zoneinfo/unexpected end';
    const databases = ['users-and-groups', 'media-types', 'time-zones'];
    expect(await keptDatabases({ '/server': object({ data }) })).toEqual(databases);
  });

  test('also on the border of two chunks of a large file', async () => {
    const before = '\0'.repeat(2 ** 20 - buildOffset() - 6);
    const large = object({ data: `${before}/etc/mime.types\0${'\0'.repeat(100)}` });
    expect(Buffer.from(large).indexOf('/etc/mime.types')).toBe(2 ** 20 - 6);
    expect(await keptDatabases({ '/server': large })).toEqual(['media-types']);
  });
});

/** Where the data of an object begins. */
const buildOffset = () => Buffer.from(object({ data: 'DATA' })).indexOf('DATA');

describe('a database stays whatever is kept', () => {
  test.each([
    ['tzdata', 'time-zones'],
    ['ca-certificates', 'certificates'],
    ['media-types', 'media-types'],
    ['shared-mime-info', 'shared-mime-info'],
    ['netbase', 'services-and-protocols'],
    ['ncurses-term', 'terminfo'],
    ['fontconfig-config', 'fonts'],
  ])('where the author installs %s by name', async (name, database) => {
    expect(await keptDatabases({}, { installed: [name] })).toEqual([database]);
  });

  test.each([
    ['tls-client', 'certificates'],
    ['time-zones', 'time-zones'],
  ])('where the author assumes %s', async (assumption, database) => {
    expect(await keptDatabases({}, { assume: [assumption] })).toEqual([database]);
  });

  test.each([
    '/usr/bin/python3.11',
    '/usr/bin/perl',
    '/usr/bin/ruby3.1',
    '/usr/sbin/php-fpm8.2',
    '/usr/lib/R/bin/exec/R',
    '/usr/bin/lua5.4',
    '/usr/lib/erlang/erts-13.1.5/bin/beam.smp',
  ])('where scripts run on %s, except for the large ones', async (program) => {
    const databases = Object.keys(EXPECTED).filter((name) => !['shared-mime-info', 'fonts'].includes(name));
    expect((await keptDatabases({ [program]: object() }, { programs: [program] })).sort()).toEqual(
      databases.sort(),
    );
  });

  test('where a server has an interpreter as a library', async () => {
    expect(await keptDatabases({ '/usr/lib/libpython3.11.so.1.0': object() })).toContain('time-zones');
  });

  test('but not where a program has a name like that of an interpreter', async () => {
    const program = '/usr/bin/perlbal';
    expect(await keptDatabases({ [program]: object() }, { programs: [program] })).toEqual([]);
  });
});

test('zones come from the directory that TZDIR names too', async () => {
  const rule = SYSTEM_DATABASES.find(({ name }) => name === 'time-zones') as PromiseRule;
  const table = { '/zones/Mars': 'TZif', '/app': object({ imports: ['localtime'] }) };
  expect(await promisedBy(rule, table, { env: { TZDIR: '/zones' } })).toEqual(['/zones/Mars']);
});
