import { imagePath } from '../../shared/image-path.ts';
import { isDirectory } from '../rules/tree-files.ts';
import type { PromiseRule } from './rule.ts';
import { runtimesOf } from './runtimes.ts';

/** Where PHP of Debian and of Fedora keeps sessions by default, compiled in as the default of `session.save_path`. */
const PLACES = ['/var/lib/php/sessions', '/var/lib/php/session'];

/** The directory in which `session_start` of PHP makes a file for each visitor; it comes empty with a package. */
export const phpSessions: PromiseRule = {
  name: 'php-sessions',
  needs(context) {
    if (!runtimesOf(context).some(({ kind }) => kind === 'php')) return [];
    return PLACES.filter((path) => isDirectory(context.tree, path)).map((path) => imagePath(path));
  },
};
