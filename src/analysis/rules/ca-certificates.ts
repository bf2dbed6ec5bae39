import type { FileTree } from '../../shared/file-tree.ts';
import { baseName, type ImagePath, imagePath, parentOf } from '../../shared/image-path.ts';
import { NOTHING, type Rule, type RuleContext } from '../rule.ts';
import { compiledTexts } from './compiled-texts.ts';
import { isFile, pathsIn } from './tree-files.ts';

/** Where distributions have the bundle; the list and its order are Go's, crypto/x509/root_linux.go. */
export const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/**
 * What names a bundle or a directory: OpenSSL (X509_get_default_cert_file_env(3)), curl(1), Python's requests, git(1),
 * Node.js, the AWS clients.
 */
const FILE_VARIABLES = [
  'SSL_CERT_FILE',
  'CURL_CA_BUNDLE',
  'REQUESTS_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'NODE_EXTRA_CA_CERTS',
  'AWS_CA_BUNDLE',
];
const DIRECTORY_VARIABLES = ['SSL_CERT_DIR', 'GIT_SSL_CAPATH'];

const TLS_LIBRARY = /^lib(ssl|crypto|gnutls|mbedtls|nss3|wolfssl|curl(-gnutls|-nss)?)(-[\d.]+)?\.so/;

const LIBRARY_DIRECTORIES = ['/usr/local/lib', '/usr/lib', '/lib', '/usr/lib64'];

/** A certificate as OpenSSL names it in a directory, by the hash of its subject: openssl-rehash(1). */
const HASHED = /^[0-9a-f]{8}\.\d+$/;

/**
 * The certificate authorities of a program that verifies TLS servers, which no linked library shows: only where the
 * user says so (`assume: [tls-client]`), or a variable names a bundle. The program has to link a TLS library, or to be
 * able to load one, or to be static, where nothing can be seen. OpenSSL looks for `cert.pem`, then by hash in `certs/`,
 * in its own directory (crypto/x509/x509_def.c), and reads `openssl.cnf` there; the hashed directory is held only
 * where there is no cert.pem, since the bundle has all of it.
 */
export const caCertificates: Rule = {
  name: 'ca-certificates',
  needs(context) {
    const { tree, env, assumes, sonames } = context;
    const files = valuesOf(env, FILE_VARIABLES);
    const directories = valuesOf(env, DIRECTORY_VARIABLES).flatMap((value) => value.split(':'));
    const isNamed = files.length + directories.length > 0;
    if (!(assumes('tls-client') || isNamed) || !canUseTls(context)) return NOTHING;
    const named = [
      ...files.map((path) => imagePath(path)),
      ...directories.flatMap((path) => hashedIn(tree, path)),
    ];
    if (!assumes('tls-client')) return { paths: named, libraries: [] };
    const bundle = BUNDLES.find((path) => isFile(tree, path));
    return {
      paths: [...named, ...(bundle === undefined ? [] : [imagePath(bundle)]), ...opensslPaths(context)],
      libraries: sonames.has('libnss3.so') ? ['libnssckbi.so'] : [],
    };
  },
};

function canUseTls({ libc, sonames, imports }: RuleContext): boolean {
  return libc === 'none' || [...sonames].some((name) => TLS_LIBRARY.test(name)) || imports('dlopen');
}

function opensslPaths(context: RuleContext): ImagePath[] {
  const { tree } = context;
  const library = cryptoLibrary(context);
  const directory = library === undefined ? undefined : opensslDirectory(tree, library);
  if (directory === undefined) return [];
  const bundle = imagePath(`${directory}/cert.pem`);
  const certificates = isFile(tree, bundle) ? [bundle] : hashedIn(tree, `${directory}/certs`);
  return [...certificates, imagePath(`${directory}/openssl.cnf`)];
}

/** OpenSSL's library, linked, or where a program finds it that loads it late, as Python does. */
function cryptoLibrary({ tree, objects }: RuleContext): ImagePath | undefined {
  const beside = new Set(objects.map(parentOf));
  const others = [...beside, ...LIBRARY_DIRECTORIES].flatMap((directory) => pathsIn(tree, directory));
  return [...objects, ...others].find((path) => /^libcrypto\.so\.\d/.test(baseName(path)));
}

/**
 * The directory that an OpenSSL library was built to look in, from the text that OpenSSL_version(3) gives for
 * OPENSSL_DIR: `/usr/lib/ssl` in Debian, `/etc/ssl` in Alpine, `/etc/pki/tls` in Fedora.
 */
function opensslDirectory(tree: FileTree, library: ImagePath): string | undefined {
  for (const text of compiledTexts(tree, library, { mark: 'OPENSSLDIR: "', end: '"' })) return text;
  return undefined;
}

function hashedIn(tree: FileTree, directory: string): ImagePath[] {
  return pathsIn(tree, directory).filter((path) => HASHED.test(baseName(path)));
}

function valuesOf(env: RuleContext['env'], names: readonly string[]): string[] {
  return names.flatMap((name) => (env[name] ? [env[name]] : []));
}
