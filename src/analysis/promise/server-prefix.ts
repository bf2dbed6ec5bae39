import { baseName, childOf, type ImagePath, imagePath, parentOf } from '../../shared/image-path.ts';
import { filesBelow } from '../rules/tree-files.ts';
import { hasKnownLibrary } from './interpreters.ts';
import type { PromiseRule } from './rule.ts';

/** Prefixes that programs share, so that what lies below them says nothing about any program. */
const SHARED_PREFIXES: ReadonlySet<string> = new Set(['/', '/usr', '/usr/local']);

/** Where a prefix of a single program may lie: `/usr/local/apache2`, `/opt/keycloak`. */
const PRIVATE_PREFIX = /^\/(?:usr\/local|opt|usr\/lib|usr\/share)\/[^/]+(?:\/[\d.]+)?$/;

/** The directories of a prefix that hold data and modules, FHS 3.0 and the layouts of httpd and others. */
const DATA_DIRECTORIES = ['share', 'lib', 'libexec', 'etc', 'conf', 'modules', 'icons', 'error', 'htdocs'];

const IN_SHARED_PREFIX = ['share', 'lib', 'libexec', 'etc'];

/**
 * What a program without a package was installed with: the data directories of the prefix that it has for itself
 * (`/usr/local/apache2/icons` of httpd's image), and the directories of its name below a prefix that it shares
 * (`/usr/local/etc/haproxy`, `/usr/share/mysql` for mariadbd).
 */
export const serverPrefix: PromiseRule = {
  name: 'server-prefix',
  needs({ tree, packages, programs }) {
    const unowned = programs.filter(
      (program) => packages.ownerOf(program) === undefined && !hasKnownLibrary(program),
    );
    return unowned.flatMap(directoriesOf).flatMap((directory) => filesBelow(tree, directory));
  },
};

function directoriesOf(program: ImagePath): ImagePath[] {
  const directory = parentOf(program);
  if (!/^s?bin$/.test(baseName(directory))) return [];
  const prefix = parentOf(directory);
  if (PRIVATE_PREFIX.test(prefix)) return DATA_DIRECTORIES.map((name) => childOf(prefix, name));
  if (!SHARED_PREFIXES.has(prefix)) return [];
  return namesOf(baseName(program)).flatMap((name) => [
    ...IN_SHARED_PREFIX.map((kind) => imagePath(`${prefix}/${kind}/${name}`)),
    imagePath(`/etc/${name}`),
  ]);
}

/** The names that directories of a program have: without version, `d` or `-server`; of MariaDB also the older name. */
function namesOf(program: string): string[] {
  const plain = program.replace(/-?[\d.]+$/, '').replace(/-server$/, '');
  const names = [program, plain, plain.replace(/d$/, '')];
  if (/^(?:mariadb|mysql)/.test(program)) names.push('mysql', 'mariadb');
  return [...new Set(names)].filter((name) => name !== '');
}
