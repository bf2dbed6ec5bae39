import type { ImagePath } from '../../shared/image-path.ts';
import { glibcFile } from '../rules/glibc-directory.ts';
import { ASKED_BY, databasesAsked, nssModules } from '../rules/nss.ts';
import { canBeRead, filledFiles, withReentrant } from './database.ts';
import { runsScripts } from './interpreters.ts';
import { keptCode } from './kept-code.ts';
import type { PromiseContext, PromiseRule } from './rule.ts';

/** nsswitch.conf(5), hosts(5), host.conf(5), gai.conf(5), resolv.conf(5); musl and Go read some of them as well. */
const CONFIGURATION = ['nsswitch.conf', 'hosts', 'host.conf', 'gai.conf', 'resolv.conf'].map(
  (name) => `/etc/${name}`,
);

/**
 * What decides how names of hosts, users and services are looked up, and glibc's modules for the services that
 * nsswitch.conf names (`nss` in ../rules has the sources). The rule of the workload holds modules for the functions of
 * the launched program alone; this rule holds them for all code that is kept.
 */
export const nameService: PromiseRule = {
  name: 'name-service',
  needs(context) {
    const reads = {
      functions: withReentrant(Object.values(ASKED_BY).flat()),
      texts: ['/etc/nsswitch.conf', '/etc/resolv.conf'],
      packages: ['libnss-db', 'libnss-myhostname', 'libnss-mymachines', 'libnss-resolve', 'libnss-mdns'],
    };
    if (!canBeRead(reads, context)) return [];
    return [...filledFiles(context.tree, CONFIGURATION), ...modules(context)];
  },
};

function modules(context: PromiseContext): ImagePath[] {
  const glibc = glibcFile({ objects: [...context.kept] });
  if (glibc === undefined) return [];
  const databases = runsScripts(context) ? Object.keys(ASKED_BY) : databasesAsked(keptCode(context));
  return nssModules(context.tree, glibc, databases);
}
