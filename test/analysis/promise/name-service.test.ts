import { expect, test } from 'vitest';
import { nameService } from '../../../src/analysis/promise/name-service.ts';
import { buildElf } from '../../support/elf-builder.ts';
import { object, promisedBy } from './promised-by.ts';

const LIB = '/lib/x86_64-linux-gnu';

/** glibc from 2.34 on defines dlopen, and has the modules `files` and `dns` in it. */
const glibc = (isNew: boolean) =>
  buildElf({ soname: 'libc.so.6', symbols: [{ name: 'dlopen', defined: isNew }] });

const table = (asked: string, isNew = true) => ({
  '/etc/nsswitch.conf': 'passwd: files compat\nhosts: files mdns4_minimal [NOTFOUND=return] dns\n',
  [`${LIB}/libc.so.6`]: glibc(isNew),
  [`${LIB}/libnss_compat.so.2`]: 'module',
  [`${LIB}/libnss_files.so.2`]: 'module',
  [`${LIB}/libnss_dns.so.2`]: 'module',
  [`${LIB}/libnss_mdns4_minimal.so.2`]: 'module',
  [`${LIB}/libnss_hesiod.so.2`]: 'module',
  '/usr/lib/extension.so': object({ imports: [asked] }),
});

test('an extension module that looks users up needs the modules of users alone', async () => {
  const held = ['/etc/nsswitch.conf', `${LIB}/libnss_compat.so.2`];
  expect(await promisedBy(nameService, table('getpwuid_r'))).toEqual(held);
});

test('modules that an older glibc does not have in it come too', async () => {
  expect(await promisedBy(nameService, table('getaddrinfo', false))).toEqual([
    '/etc/nsswitch.conf',
    `${LIB}/libnss_dns.so.2`,
    `${LIB}/libnss_files.so.2`,
    `${LIB}/libnss_mdns4_minimal.so.2`,
  ]);
});

test('scripts can look up whatever there is', async () => {
  const program = '/usr/bin/python3.11';
  const tree = { ...table('malloc'), [program]: object() };
  expect(await promisedBy(nameService, tree, { programs: [program] })).toEqual([
    '/etc/nsswitch.conf',
    `${LIB}/libnss_compat.so.2`,
    `${LIB}/libnss_mdns4_minimal.so.2`,
  ]);
});

test('without glibc there is nothing to load', async () => {
  const kept = ['/usr/lib/extension.so'];
  expect(await promisedBy(nameService, table('getpwnam'), { kept })).toEqual(['/etc/nsswitch.conf']);
});
