import type { FileTree } from '../../../shared/file-tree.ts';
import { baseName, type ImagePath, imagePath, parentOf } from '../../../shared/image-path.ts';
import { compiledTexts } from '../../rules/compiled-texts.ts';
import { isDirectory, isFile } from '../../rules/tree-files.ts';
import type { RuntimeKind } from './runtime.ts';

const PROGRAM = /^(?:tclsh|wish|expect)\d?[\d.]*$/;
const LIBRARY = /^libtcl\d/;

/** Tcl's own directories, as distributions name them: /usr/lib alone would make every package a Tcl package. */
const OF_TCL = /\/tcl[^/]*(?:\/|$)/;

/**
 * Tcl: `tcl_library` is where init.tcl lies, library(3tcl); `tcl8` beside it has the modules of tm(3tcl), and all
 * directories beside it belong to auto_path, as do those of `tcl_pkgPath`.
 */
export const tcl: RuntimeKind = {
  name: 'tcl',
  programs: ['tclsh', 'wish'],
  libraries: ['tcl'],
  find({ tree, env, programFile, sonames, kept }) {
    const isTcl = PROGRAM.test(baseName(programFile)) || [...sonames].some((name) => LIBRARY.test(name));
    if (!isTcl) return undefined;
    const scripts = [...kept].filter(
      (path) => baseName(path) === 'init.tcl' && isFile(tree, `${parentOf(path)}/tclIndex`),
    );
    const libraries = scripts.map(parentOf).filter((path) => /^tcl\d/.test(baseName(path)));
    if (libraries.length === 0) return undefined;
    const objects = [programFile, ...[...kept].filter((path) => LIBRARY.test(baseName(path)))];
    return {
      library: libraries.flatMap((path) => [path, imagePath(`${parentOf(path)}/tcl8`)]),
      modules: [
        ...new Set([...libraries.map(parentOf), ...packagePath(tree, objects), ...named(env.TCLLIBPATH)]),
      ],
    };
  },
};

/** `tcl_pkgPath`: TCL_PACKAGE_PATH of unix/tclUnixInit.c is one text, of directories with white space between them. */
function packagePath(tree: FileTree, objects: readonly ImagePath[]): ImagePath[] {
  const texts = objects.flatMap((path) =>
    [...compiledTexts(tree, path, { mark: '/usr/', end: '\0' })].map((text) => `/usr/${text}`),
  );
  const directories = texts.flatMap(named).filter((path) => OF_TCL.test(path));
  return directories.filter((path) => isDirectory(tree, path));
}

/** The absolute paths of a list of Tcl without braces. */
function named(list = ''): ImagePath[] {
  return list.split(/\s+/).flatMap((word) => (/^\/[\w./+-]+$/.test(word) ? [imagePath(word)] : []));
}
