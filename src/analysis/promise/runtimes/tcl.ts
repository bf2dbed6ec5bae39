import { baseName, imagePath, parentOf } from '../../../shared/image-path.ts';
import { isFile } from '../../rules/tree-files.ts';
import type { RuntimeKind } from './runtime.ts';

const PROGRAM = /^(?:tclsh|wish|expect)\d?[\d.]*$/;
const LIBRARY = /^libtcl\d/;

/**
 * Tcl: `tcl_library` is where init.tcl lies, library(3tcl); `tcl8` beside it has the modules of tm(3tcl), and all
 * directories beside it belong to auto_path.
 */
export const tcl: RuntimeKind = {
  name: 'tcl',
  find({ tree, programFile, sonames, kept }) {
    const isTcl = PROGRAM.test(baseName(programFile)) || [...sonames].some((name) => LIBRARY.test(name));
    if (!isTcl) return undefined;
    const scripts = [...kept].filter(
      (path) => baseName(path) === 'init.tcl' && isFile(tree, `${parentOf(path)}/tclIndex`),
    );
    const libraries = scripts.map(parentOf).filter((path) => /^tcl\d/.test(baseName(path)));
    if (libraries.length === 0) return undefined;
    return {
      library: libraries.flatMap((path) => [path, imagePath(`${parentOf(path)}/tcl8`)]),
      modules: libraries.map(parentOf),
    };
  },
};
