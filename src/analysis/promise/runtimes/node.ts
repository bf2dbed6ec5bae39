import { baseName, imagePath } from '../../../shared/image-path.ts';
import { isNode } from '../../rules/node.ts';
import { keptAbove } from './kept-above.ts';
import type { RuntimeKind } from './runtime.ts';

/**
 * Where Debian has modules, by its patch of lib/internal/modules/cjs/loader.js; the last for those with native code.
 */
const DISTRIBUTED = ['/usr/share/nodejs', '/usr/lib/nodejs', '/usr/lib/x86_64-linux-gnu/nodejs'];

/** Node.js: its standard library is compiled in; packages lie in `node_modules` directories. */
export const node: RuntimeKind = {
  name: 'node',
  programs: ['node', 'nodejs'],
  libraries: ['node'],
  find: ({ programFile, kept }) =>
    isNode(baseName(programFile))
      ? {
          library: [],
          modules: [
            ...DISTRIBUTED.map((path) => imagePath(path)),
            ...keptAbove(kept, (name) => name === 'node_modules'),
          ],
        }
      : undefined,
};
