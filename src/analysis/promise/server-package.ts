import { childOf, type ImagePath } from '../../shared/image-path.ts';
import { isDeadWeight } from './dead-weight.ts';
import type { PromiseContext, PromiseRule } from './rule.ts';
import { serverFamily } from './server-family.ts';

/** Directories of programs: FHS 3.0, and those of a single package: `/usr/sbin`, `/usr/lib/postgresql/15/bin`. */
const PROGRAM = /\/s?bin\/[^/]+$/;

/**
 * Modules that these servers load when they start, by their configuration, and never later: LoadModule of httpd,
 * load_module of nginx. The traced start shows which.
 */
const START_MODULE = /\/(?:apache2|httpd|nginx)\/modules\/[^/]+\.so$/;

/**
 * A module of a library, in a directory beside the libraries: `/usr/lib/x86_64-linux-gnu/apr-util-1/apr_ldap.so`, which
 * APR opens when httpd first asks for LDAP. Character sets (gconv), of glibc, have rules of their users.
 */
const LIBRARY_MODULE =
  /^(?:\/usr)?\/lib(?:64)?\/(?:[\w-]+-linux-[\w-]+\/)?(?![\w-]+-linux-|gconv\/)[^/]+\/[^/]+\.so$/;

/** Directories that a server fills: `/var/cache/apache2/mod_cache_disk`, `/etc/apache2/sites-enabled`. */
const STATE = /^\/(?:var\/[^/]+|etc|srv)\/[^/]+/;

/**
 * The packages of a program that runs stay whole, by the package manager's lists: what the configuration of a server
 * can load (modules, extensions), its error pages, icons, character sets, messages, tables of time zones, empty
 * directories that it fills, and what scripts of the packages have made among their files. Programs in them that
 * nothing has started go. Under `app` the configuration is the author's, so that modules which are loaded at the start
 * alone go unless it loads them.
 */
export const serverPackage: PromiseRule = {
  name: 'server-package',
  needs(context) {
    const { packages, promise } = context;
    const family = serverFamily(context);
    const files = [...family].flatMap((name) => [...packages.filesOf(name), ...packages.generatedOf(name)]);
    const interfaceFiles = files.filter(
      (path) => !PROGRAM.test(path) && !(promise === 'app' && START_MODULE.test(path)),
    );
    const directories = [...family].flatMap((name) => packages.directoriesOf(name));
    return [
      ...interfaceFiles,
      ...(promise === 'runtime' ? libraryModules(context, family) : []),
      ...directories.filter((path) => isForFilling(path, context)),
    ];
  },
};

/** A server or a user fills a directory where state lies, or which comes empty (`/usr/lib/cgi-bin`). */
function isForFilling(path: ImagePath, { tree }: PromiseContext): boolean {
  const isEmpty = tree.lookup(path)?.type === 'directory' && tree.list(path).length === 0;
  return (STATE.test(path) || isEmpty) && !isDeadWeight(childOf(path, 'file'));
}

/** The modules of libraries that the packages of a server depend on, which the configuration can ask for. */
function libraryModules({ packages }: PromiseContext, family: ReadonlySet<string>): ImagePath[] {
  const libraries = new Set([...family].flatMap((name) => packages.dependsOf(name)));
  return [...libraries]
    .filter((name) => !family.has(name) && !packages.isBasic(name))
    .flatMap((name) => packages.filesOf(name).filter((path) => LIBRARY_MODULE.test(path)));
}
