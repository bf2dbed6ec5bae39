import { fileSource } from '../../elf/byte-source.ts';
import { isElf } from '../../elf/elf-header.ts';
import { isGoverned } from './data-directory.ts';
import type { PromiseContext, PromiseRule } from './rule.ts';
import { FOR_DEVELOPERS } from './server-family.ts';

const PROGRAM = /\/s?bin\/[^/]+$/;

/**
 * A package that the Dockerfile installs by name and that holds data alone: fonts, dictionaries, word lists, models,
 * tables of places. Its files say nothing about who reads them, and an author installs it for the app.
 */
export const namedData: PromiseRule = {
  name: 'named-data',
  needs(context) {
    return context.installed
      .filter((name) => isDataAlone(name, context))
      .flatMap((name) => [...context.packages.filesOf(name), ...context.packages.generatedOf(name)])
      .filter((path) => !isGoverned(path));
  },
};

function isDataAlone(name: string, { tree, packages }: PromiseContext): boolean {
  if (packages.isBasic(name) || FOR_DEVELOPERS.test(name)) return false;
  return packages
    .filesOf(name)
    .every(
      (path) => !PROGRAM.test(path) && !(tree.lookup(path)?.type === 'file' && isElf(fileSource(tree, path))),
    );
}
