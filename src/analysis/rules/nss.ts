import { fileSource } from '../../elf/byte-source.ts';
import { readElf } from '../../elf/read-elf.ts';
import { dynamicSymbols } from '../../elf/symbols.ts';
import { type FileTree, readText } from '../../shared/file-tree.ts';
import { baseName, type ImagePath, imagePath } from '../../shared/image-path.ts';
import { NOTHING, type Rule, type RuleContext } from '../rule.ts';
import { glibcDirectories, glibcFile } from './glibc-directory.ts';
import { isFile } from './tree-files.ts';

export const NSS_CONFIGURATION = imagePath('/etc/nsswitch.conf');

/** The functions that ask each database of nsswitch.conf(5); the names of the reentrant ones end in `_r`. */
export const ASKED_BY = {
  hosts: ['getaddrinfo', 'gethostbyname', 'gethostbyname2', 'gethostbyaddr', 'gethostent', 'getnameinfo'],
  services: ['getaddrinfo', 'getservbyname', 'getservbyport', 'getservent', 'getnameinfo'],
  passwd: ['getpwnam', 'getpwuid', 'getpwent'],
  group: ['getgrnam', 'getgrgid', 'getgrent', 'getgrouplist', 'initgroups'],
  initgroups: ['getgrouplist', 'initgroups'],
  shadow: ['getspnam', 'getspent'],
  protocols: ['getprotobyname', 'getprotobynumber', 'getprotoent'],
  networks: ['getnetbyname', 'getnetbyaddr', 'getnetent'],
  netgroup: ['innetgr', 'setnetgrent'],
  ethers: ['ether_hostton', 'ether_ntohost'],
  rpc: ['getrpcbyname', 'getrpcbynumber', 'getrpcent'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** What glibc asks where nsswitch.conf names no service for a database, nss/nss_database.c. */
const DEFAULTS: Readonly<Record<string, readonly string[]>> = { hosts: ['files', 'dns'] };

/**
 * The modules of the name service switch that glibc opens for the databases that the program asks: `libnss_NAME.so.2`
 * for each service that nsswitch.conf names (glibc nss/nss_module.c, `module_load`). `files` and `dns` are part of
 * libc since 2.34 (NEWS of 2.34), and its defaults are these two, so that neither modules nor nsswitch.conf are held
 * where nothing else is named, or nothing else is there.
 */
export const nss: Rule = {
  name: 'nss',
  needs(context) {
    const { tree, libc } = context;
    const glibc = libc === 'glibc' ? glibcFile(context) : undefined;
    if (glibc === undefined) return NOTHING;
    const databases = databasesAsked(context);
    if (databases.length === 0) return NOTHING;
    const libraries = nssModules(tree, glibc, databases).map(baseName);
    return libraries.length === 0
      ? NOTHING
      : { paths: [NSS_CONFIGURATION], libraries: [...new Set(libraries)] };
  },
};

/** The modules' files, beside glibc or below /usr, that glibc opens to look these databases up. */
export function nssModules(tree: FileTree, glibc: ImagePath, databases: readonly string[]): ImagePath[] {
  const services = servicesOf(readText(tree, NSS_CONFIGURATION) ?? '', databases);
  const builtIn = hasModulesBuiltIn(tree, glibc) ? ['files', 'dns'] : [];
  return services
    .filter((service) => !builtIn.includes(service))
    .flatMap((service) =>
      glibcDirectories(tree, glibc).map((directory) => imagePath(`${directory}/libnss_${service}.so.2`)),
    )
    .filter((path) => isFile(tree, path));
}

/** The databases of nsswitch.conf whose functions the program imports. */
export function databasesAsked({ imports }: Pick<RuleContext, 'imports'>): string[] {
  return Object.entries(ASKED_BY).flatMap(([database, functions]) =>
    imports(...functions.flatMap((name) => [name, `${name}_r`])) ? [database] : [],
  );
}

/** The services of some databases, each once; actions in brackets are left out, nsswitch.conf(5). */
function servicesOf(text: string, databases: readonly string[]): string[] {
  const lines = new Map(
    text.split('\n').flatMap((raw) => {
      const [, database = '', rest = ''] = /^\s*(\w+)\s*:([^#]*)/.exec(raw) ?? [];
      return database === '' ? [] : [[database, rest.replaceAll(/\[[^\][]*\]/g, ' ')] as const];
    }),
  );
  const named = databases.flatMap((database) => {
    const services = lines.get(database)?.match(/[\w-]+/g);
    return services ?? DEFAULTS[database] ?? ['files'];
  });
  return [...new Set(named)];
}

/** glibc 2.34 took in libdl along with the modules `files` and `dns`, which identifies it. */
function hasModulesBuiltIn(tree: FileTree, glibc: ImagePath): boolean {
  const source = fileSource(tree, glibc);
  for (const { name, defined } of dynamicSymbols(source, readElf(source))) {
    if (defined && name === 'dlopen') return true;
  }
  return false;
}
