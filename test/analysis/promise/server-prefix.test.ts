import { expect, test } from 'vitest';
import { serverPrefix } from '../../../src/analysis/promise/server-prefix.ts';
import { dpkg, object, promisedBy } from './promised-by.ts';

const heldFor = async (program: string, files: Readonly<Record<string, string>>) =>
  await promisedBy(serverPrefix, { [program]: object(), ...files }, { programs: [program] });

test("httpd's image: the data directories of a prefix that it has for itself", async () => {
  const held = await heldFor('/usr/local/apache2/bin/httpd', {
    '/usr/local/apache2/icons/a.gif': 'icon',
    '/usr/local/apache2/conf/mime.types': 'types',
    '/usr/local/apache2/bin/ab': 'a tool',
    '/usr/local/apache2/manual/index.html': 'a manual',
    '/usr/local/apache2/include/httpd.h': 'a header',
    '/usr/local/share/other': 'of another program',
  });
  expect(held).toEqual(['/usr/local/apache2/conf/mime.types', '/usr/local/apache2/icons/a.gif']);
});

test.each([
  ['/usr/local/sbin/haproxy', '/usr/local/etc/haproxy/errors/503.http'],
  ['/usr/sbin/mariadbd', '/usr/share/mysql/english/errmsg.sys'],
  ['/usr/sbin/mysqld', '/usr/lib/mysql/plugin/auth.so'],
  ['/usr/bin/redis-server', '/etc/redis/redis.conf'],
  ['/usr/bin/server-2.4', '/usr/share/server/a'],
  ['/usr/local/bin/guile-3.0', '/usr/local/share/guile/3.0/ice-9/boot-9.scm'],
])('%s in a prefix that others share: %s', async (program, path) => {
  const other = { '/usr/share/other/a': 'a', '/usr/local/share/other/a': 'a' };
  expect(await heldFor(program, { [path]: 'data', ...other })).toEqual([path]);
});

test.each([
  ['a program of a package', '/usr/sbin/haproxy', dpkg({ haproxy: { files: ['/usr/sbin/haproxy'] } })],
  ['an interpreter', '/usr/local/bin/python3.12', { '/usr/local/lib/python3.12/os.py': 'source' }],
  ['a program outside of bin', '/srv/haproxy', {}],
  ['an app in a directory of the author', '/app/bin/server', { '/app/share/a': 'a' }],
])('nothing for %s', async (_, program, files) => {
  expect(await heldFor(program, { '/etc/haproxy/haproxy.cfg': 'settings', ...files })).toEqual([]);
});
