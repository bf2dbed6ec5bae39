import { expect, test } from 'vitest';
import { caCertificates } from '../../../src/analysis/rules/ca-certificates.ts';
import { heldBy, NOTHING_HELD } from './rule-context.ts';

const DEBIAN = {
  '/etc/ssl/certs/ca-certificates.crt': 'a bundle',
  '/etc/ssl/certs/002c0b4f.0': 'symlink a.pem',
  '/etc/ssl/certs/a.pem': 'a certificate',
  '/etc/ssl/openssl.cnf': 'settings',
  '/usr/lib/ssl/cert.pem': 'symlink /etc/ssl/certs/ca-certificates.crt',
  '/usr/lib/ssl/certs': 'symlink /etc/ssl/certs',
  '/usr/lib/ssl/openssl.cnf': 'symlink /etc/ssl/openssl.cnf',
  '/usr/lib/libcrypto.so.3': `${'x'.repeat(3_000_000)}OPENSSLDIR: "/usr/lib/ssl"\0`,
};
const linked = { objects: ['/usr/lib/libcrypto.so.3'], sonames: ['libssl.so.3', 'libcrypto.so.3'] };

test('a TLS library alone holds nothing', async () => {
  expect(await heldBy(caCertificates, { tree: DEBIAN, ...linked })).toEqual(NOTHING_HELD);
});

test('a program that cannot do TLS holds nothing, whatever is assumed', async () => {
  expect(await heldBy(caCertificates, { tree: DEBIAN, assume: ['tls-client'] })).toEqual(NOTHING_HELD);
});

test('a TLS client holds the bundle, and what OpenSSL was built to look for', async () => {
  const { paths } = await heldBy(caCertificates, { tree: DEBIAN, ...linked, assume: ['tls-client'] });
  expect(paths).toEqual([
    '/etc/ssl/certs/ca-certificates.crt',
    '/usr/lib/ssl/cert.pem',
    '/usr/lib/ssl/openssl.cnf',
  ]);
});

test('OpenSSL without a cert.pem gets its hashed directory', async () => {
  const { '/usr/lib/ssl/cert.pem': _, ...tree } = DEBIAN;
  const { paths } = await heldBy(caCertificates, { tree, ...linked, assume: ['tls-client'] });
  expect(paths).toEqual([
    '/etc/ssl/certs/ca-certificates.crt',
    '/usr/lib/ssl/certs/002c0b4f.0',
    '/usr/lib/ssl/openssl.cnf',
  ]);
});

test('a program that loads OpenSSL late, as Python does, gets the same', async () => {
  const { paths } = await heldBy(caCertificates, {
    tree: DEBIAN,
    imports: ['dlopen'],
    assume: ['tls-client'],
  });
  expect(paths).toContain('/usr/lib/ssl/cert.pem');
});

test.each([
  ['Alpine', '/etc/ssl/certs/ca-certificates.crt'],
  ['Fedora', '/etc/pki/tls/certs/ca-bundle.crt'],
])('a static program that is said to be a TLS client holds the bundle of %s', async (_, bundle) => {
  const tree = { [bundle]: 'a bundle', '/etc/ssl/cert.pem': 'symlink certs/ca-certificates.crt' };
  const { paths } = await heldBy(caCertificates, { tree, libc: 'none', assume: ['tls-client'] });
  expect(paths).toEqual([bundle]);
});

test('a variable holds just what it names', async () => {
  const tree = { ...DEBIAN, '/my/ca.pem': 'a bundle' };
  const held = (env: Record<string, string>) => heldBy(caCertificates, { tree, ...linked, env });
  expect((await held({ SSL_CERT_FILE: '/my/ca.pem' })).paths).toEqual(['/my/ca.pem']);
  expect((await held({ SSL_CERT_DIR: '/no:/etc/ssl/certs' })).paths).toEqual(['/etc/ssl/certs/002c0b4f.0']);
});

test('Mozilla NSS loads its certificates as a library', async () => {
  const launch = { tree: {}, sonames: ['libnss3.so'], assume: ['tls-client'] as const };
  expect((await heldBy(caCertificates, launch)).libraries).toEqual(['libnssckbi.so']);
});
