import { expect, test } from 'vitest';
import { nss } from '../../../src/analysis/rules/nss.ts';
import { buildElf } from '../../support/elf-builder.ts';
import type { TreeTable } from '../../support/memory-tree.ts';
import { heldBy, NOTHING_HELD } from './rule-context.ts';

const NEW = buildElf({ soname: 'libc.so.6', symbols: [{ name: 'dlopen', defined: true }] });
const OLD = buildElf({ soname: 'libc.so.6', symbols: [{ name: '__libc_dlopen_mode', defined: true }] });
const CONFIGURATION = '# comment\npasswd: files systemd\nhosts:\tfiles [NOTFOUND=return] mdns4 dns # last\n';

const launch = (libc: Uint8Array, imports: string[], modules: string[] = []) => ({
  tree: {
    '/lib': 'symlink usr/lib',
    '/usr/lib/x/libc.so.6': libc,
    '/etc/nsswitch.conf': CONFIGURATION,
    ...Object.fromEntries(modules.map((name) => [`/usr/lib/x/libnss_${name}.so.2`, 'a module'])),
  },
  objects: ['/usr/lib/x/libc.so.6'],
  imports,
});

test('nothing is held where no function asks a database', async () => {
  expect(await heldBy(nss, launch(NEW, ['printf'], ['mdns4', 'systemd']))).toEqual(NOTHING_HELD);
});

test('a module is held with nsswitch.conf, for the databases that are asked and no others', async () => {
  const all = ['mdns4', 'systemd', 'compat'];
  expect(await heldBy(nss, launch(NEW, ['getaddrinfo'], all))).toEqual({
    paths: ['/etc/nsswitch.conf'],
    libraries: ['libnss_mdns4.so.2'],
  });
  expect((await heldBy(nss, launch(NEW, ['getpwnam_r'], all))).libraries).toEqual(['libnss_systemd.so.2']);
});

test('modules of libc itself, and those that are not there, need nothing, nsswitch.conf neither', async () => {
  expect(await heldBy(nss, launch(NEW, ['getaddrinfo', 'getpwuid'], ['files', 'dns']))).toEqual(NOTHING_HELD);
});

test('before glibc 2.34 files and dns are modules, also where nothing configures them', async () => {
  const held = await heldBy(nss, launch(OLD, ['getaddrinfo'], ['files', 'dns']));
  expect(held).toEqual({
    paths: ['/etc/nsswitch.conf'],
    libraries: ['libnss_dns.so.2', 'libnss_files.so.2'],
  });
  const { tree, ...rest } = launch(OLD, ['gethostbyname'], ['files', 'dns']);
  const { '/etc/nsswitch.conf': _, ...bare } = tree as TreeTable;
  expect(await heldBy(nss, { ...rest, tree: bare })).toEqual({
    paths: [],
    libraries: ['libnss_dns.so.2', 'libnss_files.so.2'],
  });
});

test('musl has no name service switch', async () => {
  const { objects: _, ...rest } = launch(NEW, ['getaddrinfo'], ['mdns4']);
  expect(await heldBy(nss, { ...rest, libc: 'musl' })).toEqual(NOTHING_HELD);
});
