import { resolvePath } from '../../shared/file-tree.ts';
import { imagePath } from '../../shared/image-path.ts';
import type { Rule } from '../rule.ts';

/**
 * Files that the command line names by absolute path, as a separate word or after an equals sign: what a
 * program is given it opens sooner or later.
 */
export const argumentFiles: Rule = {
  name: 'argument-files',
  needs({ tree, argv }) {
    const named = argv.slice(1).flatMap((word) => /^(?:[^/=]*=)?(\/.+)$/s.exec(word)?.[1] ?? []);
    const paths = named.map((word) => imagePath(word));
    return { paths: paths.filter((path) => resolvePath(tree, path).entry?.type === 'file'), libraries: [] };
  },
};
