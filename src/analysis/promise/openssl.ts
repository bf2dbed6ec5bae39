import { baseName } from '../../shared/image-path.ts';
import { compiledTexts } from '../rules/compiled-texts.ts';
import { isFile, pathsIn } from '../rules/tree-files.ts';
import { oncePerFile } from './kept-code.ts';
import type { PromiseRule } from './rule.ts';

const LIBRARY = /^libcrypto\.so\.\d/;

/** The texts of OpenSSL_version(3), which each build of it holds: `OPENSSLDIR: "/usr/lib/ssl"`. */
const KINDS = ['OPENSSLDIR', 'MODULESDIR', 'ENGINESDIR'] as const;

/**
 * OpenSSL's configuration, config(5), the files that this includes, providers (`legacy.so`, OSSL_PROVIDER-legacy(7))
 * and engines. A program asks for them by names at run time: an old cipher or hash, an encrypted key. They lie in the
 * directories that libcrypto, or a program that holds OpenSSL itself, was built to look in.
 */
export const openssl: PromiseRule = {
  name: 'openssl',
  needs({ tree, kept, programs }) {
    const objects = new Set([...[...kept].filter((path) => LIBRARY.test(baseName(path))), ...programs]);
    return [...objects].flatMap((object) =>
      builtInDirectories(tree, object).flatMap(({ kind, directory }) => {
        const isWanted = kind === 'OPENSSLDIR' ? /\.cnf$/ : /\.so$/;
        return pathsIn(tree, directory).filter((path) => isWanted.test(path) && isFile(tree, path));
      }),
    );
  },
};

const builtInDirectories = oncePerFile((tree, path) =>
  KINDS.flatMap((kind) => {
    const directories = compiledTexts(tree, path, { mark: `${kind}: "`, end: '"' });
    return [...new Set(directories)].map((directory) => ({ kind, directory }));
  }),
);
