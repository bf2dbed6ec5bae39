import { filesOf, modulePackages, withDependencies } from './module-packages.ts';
import type { PromiseRule } from './rule.ts';

/**
 * A package of modules that the author names for the interpreter that runs, in a RUN step or in the records of the
 * language's package manager, stays whole with what it needs, whether a probe has touched it or not.
 */
export const namedPackages: PromiseRule = {
  name: 'named-packages',
  needs(context) {
    const packages = modulePackages(context);
    const named = [...packages.all.values()].filter(({ isNamed }) => isNamed).map(({ id }) => id);
    return filesOf(context, withDependencies(packages, named));
  },
};
