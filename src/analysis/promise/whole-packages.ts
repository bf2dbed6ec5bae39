import { filesOf, modulePackages, withDependencies } from './module-packages.ts';
import type { PromiseRule } from './rule.ts';

/**
 * What every start of CPython reads, Lib/site.py, whether the app uses the package or not; the last is of setuptools.
 */
const START = /\.pth$|\/(?:site|dist)-packages\/_distutils_hack\//;

/**
 * A package of which the interpreter has read a file stays whole, with the packages that it says it needs: it loads its
 * own modules and its data when a use first asks for them, by `autoload`, inside of functions, by entry points.
 */
export const wholePackages: PromiseRule = {
  name: 'whole-packages',
  needs(context) {
    const packages = modulePackages(context);
    const read = [...context.kept].filter((path) => !START.test(path));
    const reached = new Set(read.flatMap((path) => packages.of(path)));
    return filesOf(context, withDependencies(packages, reached));
  },
};
