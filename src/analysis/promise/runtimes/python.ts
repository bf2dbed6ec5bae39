import { siteDirectories } from '../../rules/cpython.ts';
import { pythonHome } from '../../rules/cpython-home.ts';
import { keptAbove } from './kept-above.ts';
import type { RuntimeKind } from './runtime.ts';

/** CPython: the library of Modules/getpath.py, the directories of Lib/site.py, and each that something is kept of. */
export const python: RuntimeKind = {
  name: 'python',
  programs: ['python', 'pypy'],
  libraries: ['python', 'pypy'],
  find(started) {
    const home = pythonHome(started);
    if (home === undefined) return undefined;
    const seen = keptAbove(started.kept, (name) => name === 'site-packages' || name === 'dist-packages');
    return { library: [home.library], modules: [...siteDirectories(home), ...seen] };
  },
};
