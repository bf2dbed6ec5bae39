import { baseName } from '../../shared/image-path.ts';
import { isAuthorSource, sourceText } from './author-sources.ts';
import { runsScripts } from './interpreters.ts';
import { oncePerFile } from './kept-code.ts';
import { namedOnce } from './named-once.ts';
import type { PromiseRule } from './rule.ts';

/**
 * Programs that the author installs by name and whose names kept sources of the author hold:
 * `subprocess.run(["openssl", "version"])`, `exec('convert ...')`. They stay with what their packages hold.
 */
export const calledPrograms: PromiseRule = {
  name: 'called-programs',
  needs(context) {
    const { installed, packages } = context;
    if (!runsScripts(context)) return [];
    const words = new Set(
      [...context.kept]
        .filter((path) => isAuthorSource(context, path))
        .flatMap((path) => [...wordsIn(context.tree, path)]),
    );
    const found = installed.flatMap((name) => {
      const files = packages.isBasic(name) ? [] : packages.filesOf(name);
      const called = files.filter((path) => PROGRAM.test(path) && words.has(baseName(path)));
      return called.length === 0 ? [] : [...called, ...files.filter((path) => !PROGRAM.test(path))];
    });
    return namedOnce(found, context);
  },
};

/** Directories along a usual PATH. */
const PROGRAM = /^\/(?:usr\/(?:local\/)?)?s?bin\/[^/]+$/;

/** What can be the name of a program, behind a quote or a blank, or at the end of a path. */
const WORD = /(?<=["'`\s/(|;&])[\w][\w.+-]+(?=["'`\s),|;&]|$)/g;

const NONE: ReadonlySet<string> = new Set();

const wordsIn = oncePerFile((tree, path): ReadonlySet<string> => {
  const text = sourceText(tree, path);
  return text === null ? NONE : new Set(text.match(WORD));
});
