import { baseName, imagePath, parentOf } from '../../../shared/image-path.ts';
import { isFile } from '../../rules/tree-files.ts';
import type { RuntimeKind } from './runtime.ts';

/** Java 9 and later: the run-time image of JEP 220 is `lib` with the modules and their libraries, and `conf`. */
export const java: RuntimeKind = {
  name: 'java',
  programs: ['java'],
  libraries: ['jvm'],
  find({ tree, programFile }) {
    const home = parentOf(parentOf(programFile));
    if (baseName(programFile) !== 'java' || !isFile(tree, `${home}/lib/modules`)) return undefined;
    return { library: ['lib', 'conf'].map((name) => imagePath(`${home}/${name}`)), modules: [] };
  },
};
