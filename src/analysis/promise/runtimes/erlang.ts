import { baseName, imagePath, isWithin, parentOf } from '../../../shared/image-path.ts';
import { keptAbove } from './kept-above.ts';
import type { RuntimeKind } from './runtime.ts';

const APPLICATION = /^stdlib-\d[\d.]*$/;

/** Erlang: the applications of `ROOT/lib`, code(3erl) section Code Path, where stdlib lies, and the boot files. */
export const erlang: RuntimeKind = {
  name: 'erlang',
  programs: ['beam', 'beam.smp'],
  libraries: [],
  find({ programFile, kept }) {
    if (!baseName(programFile).startsWith('beam')) return undefined;
    const libraries = keptAbove(kept, (name) => APPLICATION.test(name)).map(parentOf);
    // a release contains other applications, beside which the program lies as well
    const found = libraries.find((library) => isWithin(programFile, parentOf(library))) ?? libraries[0];
    if (found === undefined) return undefined;
    return { library: [found, imagePath(`${parentOf(found)}/releases`)], modules: libraries };
  },
};
