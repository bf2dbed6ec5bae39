import { expect, test } from 'vitest';
import { php } from '../../../src/analysis/rules/php.ts';
import { heldBy, NOTHING_HELD } from './rule-context.ts';

const DEBIAN = {
  '/usr/bin/php': 'symlink php8.2',
  '/usr/bin/php8.2': 'an ELF file',
  '/usr/sbin/php-fpm8.2': 'an ELF file',
  '/etc/php/8.2/cli/php.ini': '[PHP]\n;extension=gd\nprecision = 14\n',
  '/etc/php/8.2/cli/conf.d/10-opcache.ini': 'symlink /etc/php/8.2/mods-available/opcache.ini',
  '/etc/php/8.2/cli/conf.d/20-curl.ini': 'symlink /etc/php/8.2/mods-available/curl.ini',
  '/etc/php/8.2/cli/conf.d/README': 'not an ini file',
  '/etc/php/8.2/mods-available/opcache.ini': 'zend_extension=opcache.so\nopcache.enable = 0\n',
  '/etc/php/8.2/mods-available/curl.ini': '; configuration for curl\nextension="curl" ; by name\n',
  '/etc/php/8.2/fpm/php.ini': 'extension = /opt/own.so\nextension=missing\ndate.timezone = Europe/Berlin\n',
  '/opt/own.so': 'a module',
  '/usr/share/zoneinfo/UTC': 'TZif',
  '/usr/share/zoneinfo/Europe/Berlin': 'TZif',
  '/usr/lib/php/20220829/opcache.so': 'a module',
  '/usr/lib/php/20220829/curl.so': 'a module',
  '/usr/lib/php/20220829/gd.so': 'a module',
};

test('Debian, cli: settings of its SAPI, and the extensions that they name', async () => {
  expect(await heldBy(php, { tree: DEBIAN, program: '/usr/bin/php' })).toEqual({
    paths: [
      '/etc/php/8.2/cli/conf.d/10-opcache.ini',
      '/etc/php/8.2/cli/conf.d/20-curl.ini',
      '/etc/php/8.2/cli/php.ini',
      '/usr/share/zoneinfo/UTC',
    ],
    libraries: ['/usr/lib/php/20220829/curl.so', '/usr/lib/php/20220829/opcache.so'],
  });
});

test('Debian, fpm: an extension by its path, and none that is not there', async () => {
  expect(await heldBy(php, { tree: DEBIAN, program: '/usr/sbin/php-fpm8.2' })).toEqual({
    paths: ['/etc/php/8.2/fpm/php.ini', '/usr/share/zoneinfo/Europe/Berlin'],
    libraries: ['/opt/own.so'],
  });
});

test('the official image: below its prefix', async () => {
  const tree = {
    '/usr/local/bin/php': 'an ELF file',
    '/usr/local/etc/php/php.ini': 'extension_dir = "/opt/extensions"\n',
    '/usr/local/etc/php/conf.d/docker-php-ext-sodium.ini': 'extension=sodium\n',
    '/usr/local/lib/php/extensions/no-debug-non-zts-20230831/sodium.so': 'a module',
  };
  const compiled = { ...tree, '/usr/local/etc/php/php.ini': '' };
  const directory = '/usr/local/lib/php/extensions/no-debug-non-zts-20230831';
  const held = await heldBy(php, { tree: compiled, program: '/usr/local/bin/php' });
  expect(held).toEqual({
    paths: ['/usr/local/etc/php/conf.d/docker-php-ext-sodium.ini', '/usr/local/etc/php/php.ini'],
    libraries: [`${directory}/sodium.so`],
  });
  expect((await heldBy(php, { tree, program: '/usr/local/bin/php' })).libraries).toEqual([]);
});

test('Alpine: a directory by its version', async () => {
  const tree = {
    '/usr/bin/php83': 'an ELF file',
    '/etc/php83/php.ini': '',
    '/etc/php83/conf.d/00_json.ini': 'extension=json',
    '/usr/lib/php83/modules/json.so': 'a module',
  };
  expect(await heldBy(php, { tree, program: '/usr/bin/php83', libc: 'musl' })).toEqual({
    paths: ['/etc/php83/conf.d/00_json.ini', '/etc/php83/php.ini'],
    libraries: ['/usr/lib/php83/modules/json.so'],
  });
});

test('PHPRC and PHP_INI_SCAN_DIR come before what is compiled in', async () => {
  const tree = { ...DEBIAN, '/app/my.ini': '', '/app/ini/a.ini': '' };
  const env = { PHPRC: '/app/my.ini', PHP_INI_SCAN_DIR: '/app/ini' };
  const held = async (variables: Record<string, string>) =>
    (await heldBy(php, { tree, program: '/usr/bin/php', env: variables })).paths;
  expect(await held(env)).toEqual(['/app/ini/a.ini', '/app/my.ini', '/usr/share/zoneinfo/UTC']);
  expect(await held({ ...env, PHP_INI_SCAN_DIR: ':/app/ini' })).toEqual([
    '/app/ini/a.ini',
    '/app/my.ini',
    '/etc/php/8.2/cli/conf.d/10-opcache.ini',
    '/etc/php/8.2/cli/conf.d/20-curl.ini',
    '/usr/share/zoneinfo/UTC',
  ]);
});

test('another program holds nothing', async () => {
  expect(await heldBy(php, { tree: DEBIAN, program: '/usr/bin/phpize' })).toEqual(NOTHING_HELD);
});
