import type { ImagePath } from '../../shared/image-path.ts';
import { isGoverned } from './data-directory.ts';
import { runsScripts } from './interpreters.ts';
import { keptCode } from './kept-code.ts';
import { namedOnce } from './named-once.ts';
import type { PromiseContext, PromiseRule } from './rule.ts';

/** A shared library where the dynamic linker looks, or a module of a library in a directory beside these. */
const SHARED_OBJECT = /^(?:\/usr(?:\/local)?)?\/lib(?:64)?\/(?:[^/]+\/)*[^/]+\.so(?:\.\d+)*$/;

/** Modules of servers, which their own rule knows better. */
const SERVER_MODULE = /\/(?:apache2|httpd|nginx)\/modules\//;

/** Packages for people who build: Debian Policy 8 and Alpine's subpackages. */
const FOR_DEVELOPERS = /-(?:dev|dbg|dbgsym|static|doc|docs|examples|tools|bin|utils)$/;

const PROGRAM = /\/s?bin\/[^/]+$/;

/**
 * A library that the author installs by name, with the data that belongs to it, where code is kept that loads libraries
 * at run time: scripts by ctypes and FFI, Java by System.loadLibrary, a library by its plugins. Nothing links
 * such a library, and its name may be in a compressed file.
 */
export const libraryPackages: PromiseRule = {
  name: 'library-packages',
  needs(context) {
    const named = context.installed.filter((name) => isLibraryPackage(name, context));
    if (named.length === 0 || !loadsLibraries(context)) return [];
    const whole = new Set(named.flatMap((name) => [name, ...ofSameSource(name, context)]));
    const files = [...whole].flatMap((name) => context.packages.filesOf(name));
    return namedOnce(
      files.filter((path) => !PROGRAM.test(path)),
      context,
    );
  },
};

function isLibraryPackage(name: string, { packages }: PromiseContext): boolean {
  return !FOR_DEVELOPERS.test(name) && !packages.isBasic(name) && packages.filesOf(name).some(isLibrary);
}

function isLibrary(path: ImagePath): boolean {
  return SHARED_OBJECT.test(path) && !SERVER_MODULE.test(path) && !isGoverned(path);
}

function loadsLibraries(context: PromiseContext): boolean {
  return runsScripts(context) || keptCode(context).imports('dlopen', 'dlmopen');
}

/** Packages of one source that a package depends on: `libmagic-mgc` of `libmagic1`. */
function ofSameSource(first: string, { packages }: PromiseContext): Set<string> {
  const source = packages.sourceOf(first);
  const found = new Set([first]);
  for (const name of found) {
    // a set that grows while it is walked yields what is added
    for (const other of packages.dependsOf(name)) if (packages.sourceOf(other) === source) found.add(other);
  }
  return found;
}
