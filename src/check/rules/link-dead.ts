import { linesOf } from '../house-text.ts';
import type { Rule } from '../rule.ts';

export const linkDead: Rule = {
  code: 'link-dead',
  severity: 'warning',
  about: 'A link of the catalog’s README to a missing example or native application.',
  of: 'catalog',
  *check({ frame }) {
    if (frame.readme === null) return;
    const { file, text } = frame.readme;
    for (const { start, end } of linesOf(text)) {
      for (const { 1: path = '', index } of text.slice(start, end).matchAll(LINK)) {
        const at = start + index + 2;
        if (!frame.holds(path))
          yield {
            file,
            range: { start: at, end: at + path.length },
            message: `the link leads to ${path}, which is not there`,
          };
      }
    }
  },
};

/** A relative link into the catalog, or one to it on GitHub. */
const LINK =
  /\]\((?:https:\/\/github\.com\/unikraft\/catalog\/(?:tree|blob)\/\w+\/|\.\/)?((?:examples|native)\/[^()#\s]+)\)/g;
