import { BUNDLES } from '../rules/ca-certificates.ts';
import { filesBelow } from '../rules/tree-files.ts';
import { databaseRule, filledFiles } from './database.ts';

/** Where distributions have the certificate authorities, by single files, by hash and in the form of Java. */
const DIRECTORIES = ['/etc/ssl/certs', '/etc/pki/tls/certs', '/etc/pki/ca-trust/extracted'];

/**
 * The certificate authorities that a TLS client trusts, where something that is kept asks for the system's: OpenSSL's
 * SSL_CTX_set_default_verify_paths(3), GnuTLS's gnutls_certificate_set_x509_system_trust, libcurl, or a program with
 * the path of a bundle in it, as Go's crypto/x509 has. Private keys beside them stay out.
 */
export const certificates = databaseRule({
  name: 'certificates',
  functions: [
    'SSL_CTX_set_default_verify_paths',
    'SSL_CTX_set_default_verify_dir',
    'SSL_CTX_set_default_verify_file',
    'X509_STORE_set_default_paths',
    'X509_get_default_cert_dir',
    'X509_get_default_cert_file',
    'gnutls_certificate_set_x509_system_trust',
    'gnutls_x509_trust_list_add_system_trust',
    'curl_easy_perform',
    'curl_multi_perform',
  ],
  texts: [...BUNDLES, ...DIRECTORIES],
  packages: ['ca-certificates', 'ca-certificates-bundle', 'ca-certificates-java', 'p11-kit-trust'],
  assumption: 'tls-client',
  paths: ({ tree }) => [
    ...filledFiles(tree, BUNDLES),
    ...DIRECTORIES.flatMap((directory) => filesBelow(tree, directory)),
  ],
});
