import { describe, expect, test } from 'vitest';
import { serverPackage } from '../../../src/analysis/promise/server-package.ts';
import { dpkg, object, promisedBy } from './promised-by.ts';

const APACHE = {
  'apache2-bin': {
    fields: ['Source: apache2 (2.4.62-1)', 'Provides: apache2-api-20120211'],
    files: ['/usr/sbin/apache2', '/usr/lib/apache2/modules/mod_proxy.so', '/usr/share/man/man8/apache2.8.gz'],
  },
  'apache2-data': {
    fields: ['Source: apache2'],
    files: ['/usr/share/apache2/icons/a.gif', '/usr/share/apache2/error/contact.html.var'],
  },
  // the binary package of the source's own name has no Source field
  apache2: {
    fields: ['Depends: apache2-bin (= 2.4.62-1), apache2-data, perl:any, lsb-base'],
    files: ['/etc/apache2/mods-available/proxy.load', '/etc/init.d/apache2', '/usr/sbin/a2enmod'],
  },
  'apache2-dev': {
    fields: ['Source: apache2', 'Depends: apache2-bin'],
    files: ['/usr/share/apache2/apxs.txt'],
  },
  // of the same source, but not bound to the others
  'apache2-ssl-helper': { fields: ['Source: apache2'], files: ['/usr/share/helper/a'] },
  'libapache2-mod-wsgi-py3': {
    fields: ['Source: mod-wsgi', 'Depends: apache2-api-20120211'],
    files: ['/usr/lib/apache2/modules/mod_wsgi.so', '/etc/apache2/mods-available/wsgi.load'],
  },
  coreutils: { fields: ['Essential: yes'], files: ['/usr/bin/cat', '/usr/share/coreutils/data'] },
  dash: { fields: ['Priority: required'], files: ['/usr/bin/dash', '/usr/share/dash/data'] },
};

const filesOf = (packages: Readonly<Record<string, { files: readonly string[] }>>) =>
  Object.fromEntries(
    Object.values(packages).flatMap(({ files }) =>
      files.map((path) => [path, /\.so$|bin\//.test(path) ? object() : `content of ${path}`] as const),
    ),
  );

const table = { ...dpkg(APACHE), ...filesOf(APACHE) };
const programs = ['/usr/sbin/apache2'];

const DATA = [
  '/etc/apache2/mods-available/proxy.load',
  '/usr/share/apache2/error/contact.html.var',
  '/usr/share/apache2/icons/a.gif',
];

describe('the packages of a server stay whole', () => {
  test('under runtime with their modules, less tools, manuals, init scripts and what is for developers', async () => {
    const held = await promisedBy(serverPackage, table, { promise: 'runtime', programs, kept: [] });
    expect(held).toEqual([DATA[0], '/usr/lib/apache2/modules/mod_proxy.so', DATA[1], DATA[2]]);
  });

  test('under app without the modules that are loaded at the start alone', async () => {
    expect(await promisedBy(serverPackage, table, { promise: 'app', programs })).toEqual(DATA);
  });

  test('under runtime with the modules of the libraries that they depend on', async () => {
    const packages = {
      ...APACHE,
      'apache2-bin': {
        ...APACHE['apache2-bin'],
        fields: ['Source: apache2', 'Depends: libaprutil1-ldap, libc-bin, libc6'],
      },
      'libaprutil1-ldap': {
        fields: ['Source: apr-util'],
        files: [
          '/usr/lib/x86_64-linux-gnu/apr-util-1/apr_ldap-1.so',
          '/usr/lib/x86_64-linux-gnu/libother.so',
        ],
      },
      // not essential by its record, though nothing runs without it
      libc6: { fields: [], files: ['/usr/lib/x86_64-linux-gnu/gconv/IBM037.so'] },
      'libc-bin': { fields: ['Essential: yes'], files: ['/usr/lib/x86_64-linux-gnu/gconv/CP737.so'] },
    };
    const filled = { ...dpkg(packages), ...filesOf(packages) };
    const runtime = await promisedBy(serverPackage, filled, { promise: 'runtime', programs, kept: [] });
    expect(runtime).toContain('/usr/lib/x86_64-linux-gnu/apr-util-1/apr_ldap-1.so');
    expect(runtime.filter((path) => /libother|gconv/.test(path))).toEqual([]);
    expect(await promisedBy(serverPackage, filled, { promise: 'app', programs, kept: [] })).toEqual(DATA);
  });

  test('with the plugins that the author installs by name, by what these depend on', async () => {
    const installed = ['apache2', 'libapache2-mod-wsgi-py3', 'coreutils'];
    const held = await promisedBy(serverPackage, table, {
      promise: 'runtime',
      programs,
      installed,
      kept: [],
    });
    const plugin = ['/etc/apache2/mods-available/wsgi.load', '/usr/lib/apache2/modules/mod_wsgi.so'];
    expect(held).toEqual([...DATA, '/usr/lib/apache2/modules/mod_proxy.so', ...plugin].sort());
  });

  test.each([
    ['what every system has', ['/usr/bin/cat', '/usr/bin/dash']],
    ['what no package owns', ['/usr/local/bin/app']],
    ['a tool that nothing starts', []],
  ])('but not for %s', async (_, started) => {
    const tree = { ...table, '/usr/local/bin/app': object() };
    expect(await promisedBy(serverPackage, tree, { programs: started })).toEqual([]);
  });

  test.each([
    ['/usr/bin/python3.11', 'python3.11-minimal'],
    ['/lib/ld-linux-x86-64.so.2', 'libc6'],
  ])('but not for %s, which has a separate rule', async (program, name) => {
    const packages = { [name]: { files: [program, '/usr/share/data'] } };
    const tree = { ...dpkg(packages), ...filesOf(packages), [program]: object() };
    expect(await promisedBy(serverPackage, tree, { programs: [program] })).toEqual([]);
  });
});

test.each([
  ['/usr/bin/guile-3.0', 'guile-3.0', '/usr/share/guile/3.0/srfi/srfi-1.scm'],
  ['/usr/bin/swipl', 'swi-prolog', '/usr/lib/swi-prolog/library/lists.pl'],
])('%s, whose library no rule knows, keeps its packages', async (program, source, file) => {
  const packages = {
    [source]: { fields: [`Depends: ${source}-libs`], files: [program] },
    [`${source}-libs`]: { fields: [`Source: ${source}`], files: [file] },
    'module-of-a-script': { fields: [`Depends: ${source}`], files: ['/usr/share/module/a'] },
    other: { files: ['/usr/share/other/a'] },
  };
  const tree = { ...dpkg(packages), ...filesOf(packages) };
  const held = await promisedBy(serverPackage, tree, {
    programs: [program],
    installed: [source, 'module-of-a-script', 'other'],
  });
  expect(held).toEqual([file, '/usr/share/module/a'].sort());
});

test('modules that a client can load later stay under app too', async () => {
  const packages = {
    'postgresql-15': {
      files: [
        '/usr/lib/postgresql/15/bin/postgres',
        '/usr/lib/postgresql/15/bin/pg_dump',
        '/usr/lib/postgresql/15/lib/hstore.so',
        '/usr/lib/postgresql/15/lib/llvmjit.so',
        '/usr/lib/postgresql/15/lib/bitcode/hstore.index.bc',
        '/usr/share/postgresql/15/extension/hstore.control',
        '/usr/share/postgresql/15/timezonesets/Default',
      ],
    },
  };
  const tree = { ...dpkg(packages), ...filesOf(packages) };
  const held = await promisedBy(serverPackage, tree, {
    programs: ['/usr/lib/postgresql/15/bin/postgres'],
    kept: [],
  });
  expect(held).toEqual([
    '/usr/lib/postgresql/15/lib/hstore.so',
    '/usr/share/postgresql/15/extension/hstore.control',
    '/usr/share/postgresql/15/timezonesets/Default',
  ]);
});

test('directories that a server fills stay, though they are empty', async () => {
  const directories = [
    '/var/cache/apache2/mod_cache_disk',
    '/etc/apache2/sites-enabled',
    '/etc/init.d',
    '/var/lib',
    '/usr/lib/cgi-bin',
    '/usr/lib/shared',
    '/lib',
  ];
  const packages = {
    apache2: { files: ['/usr/sbin/apache2', '/var/cache/apache2', '/var/gone', ...directories] },
    other: { files: ['/var/cache/other', '/usr/lib/other/data'] },
  };
  const tree = {
    ...dpkg(packages),
    '/usr/sbin/apache2': object(),
    '/usr/lib/shared/of-another': 'data',
    '/usr/lib/other/data': 'data',
    '/var/cache/other': 'directory',
    ...Object.fromEntries(directories.map((path) => [path, 'directory'])),
    '/lib': 'symlink usr/lib',
  };
  expect(await promisedBy(serverPackage, tree, { programs })).toEqual([
    '/etc/apache2/sites-enabled',
    // the link alone, and nothing of the directory that it leads to
    '/lib',
    '/usr/lib/cgi-bin',
    '/var/cache/apache2',
    '/var/cache/apache2/mod_cache_disk',
  ]);
});

test('a link of a package to a directory of another package keeps what that directory holds', async () => {
  const packages = {
    prometheus: {
      files: ['/usr/bin/prometheus', '/usr/share/prometheus/vendor', '/usr/share/prometheus/etc'],
    },
    'libjs-bootstrap4': { files: ['/usr/share/javascript/bootstrap4/css/bootstrap.css'] },
  };
  const tree = {
    ...dpkg(packages),
    ...filesOf(packages),
    '/usr/share/prometheus/vendor': 'symlink ../javascript/bootstrap4',
    '/usr/share/prometheus/etc': 'symlink /etc',
    '/usr/share/javascript/bootstrap4/local.css': 'of no package',
    '/etc/shadow': 'root:*:1::::::\n',
  };
  const held = await promisedBy(serverPackage, tree, { programs: ['/usr/bin/prometheus'] });
  expect(held).toEqual([
    '/usr/share/javascript/bootstrap4/css/bootstrap.css',
    '/usr/share/prometheus/etc',
    '/usr/share/prometheus/vendor',
  ]);
});

test('packages of apk are matched by their origin', async () => {
  const tree = {
    '/lib/apk/db/installed': [
      'P:nginx\no:nginx\nD:so:libc.musl-x86_64.so.1\nF:usr/sbin\nR:nginx\nF:etc/nginx\nR:mime.types\n',
      'P:nginx-mod-http-js\no:nginx\nD:nginx=1.26\nF:etc/nginx/modules\nR:js.conf\nF:var/lib/nginx/tmp\n',
      'P:curl\no:curl\nF:usr/share\nR:curl.txt\n',
    ].join('\n'),
    '/usr/sbin/nginx': object(),
    '/etc/nginx/mime.types': 'types',
    '/etc/nginx/modules/js.conf': 'load_module',
    '/var/lib/nginx/tmp': 'directory',
    '/usr/share/curl.txt': 'curl',
  };
  expect(await promisedBy(serverPackage, tree, { programs: ['/usr/sbin/nginx'] })).toEqual([
    '/etc/nginx',
    '/etc/nginx/mime.types',
    '/etc/nginx/modules',
    '/etc/nginx/modules/js.conf',
    '/var/lib/nginx/tmp',
  ]);
});
