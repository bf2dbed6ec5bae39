import { expect, test } from 'vitest';
import { openssl } from '../../../src/analysis/promise/openssl.ts';
import { object, promisedBy } from './promised-by.ts';

const LIB = '/usr/lib/x86_64-linux-gnu';

const built = object({
  data: `\0OPENSSLDIR: "/usr/lib/ssl"\0ENGINESDIR: "${LIB}/engines-3"\0MODULESDIR: "${LIB}/ossl-modules"\0`,
});

const files = {
  '/usr/lib/ssl/openssl.cnf': 'symlink /etc/ssl/openssl.cnf',
  '/usr/lib/ssl/private/key.pem': 'key',
  '/usr/lib/ssl/misc/CA.pl': 'script',
  '/etc/ssl/openssl.cnf': 'config',
  [`${LIB}/ossl-modules/legacy.so`]: 'provider',
  [`${LIB}/engines-3/pkcs11.so`]: 'engine',
  [`${LIB}/engines-3/README`]: 'text',
};

const HELD = ['/usr/lib/ssl/openssl.cnf', `${LIB}/engines-3/pkcs11.so`, `${LIB}/ossl-modules/legacy.so`];

test('libcrypto needs its configuration, its providers and its engines', async () => {
  expect(await promisedBy(openssl, { ...files, [`${LIB}/libcrypto.so.3`]: built })).toEqual(HELD);
});

test('a program that holds OpenSSL itself does so too', async () => {
  const program = '/usr/bin/node';
  const table = { ...files, [program]: built };
  expect(await promisedBy(openssl, table, { programs: [program] })).toEqual(HELD);
});

test('a libcrypto that is dropped needs nothing, and neither does another library with that text', async () => {
  const gone = { ...files, [`${LIB}/libcrypto.so.3`]: built };
  expect(await promisedBy(openssl, gone, { kept: [] })).toEqual([]);
  expect(await promisedBy(openssl, { ...files, [`${LIB}/libother.so`]: built })).toEqual([]);
});
