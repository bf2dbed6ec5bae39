import type { Rule } from '../rule.ts';

export const devLink: Rule = {
  code: 'dev-link',
  severity: 'warning',
  about: 'A link to `/dev/stdout` or `/dev/stderr`: such links break apps on Unikraft.',
  of: 'dockerfile',
  *check({ source: { file }, stages, context }) {
    for (const { instruction } of stages.flatMap(({ instructions }) => instructions)) {
      if (instruction.keyword !== 'RUN') continue;
      const [target, link] = linkIn(instruction.raw) ?? [];
      if (target === undefined) continue;
      yield { file, range: instruction.range, message: `${link} becomes a link to ${target}: ${WHY}` };
    }
    for (const { path, linkTarget } of context?.entries ?? []) {
      if (linkTarget === null || !STREAM.test(linkTarget)) continue;
      yield { file, range: null, message: `${path} of the build context is a link to ${linkTarget}: ${WHY}` };
    }
  },
};

const STREAM = /^\/dev\/std(?:out|err)$/;
const WHY = 'configure the app to log to a file, or directly to its standard output';

/** Target and name of the first `ln -sf /dev/stdout NAME` in a text. */
function linkIn(text: string): readonly [target: string, link: string] | undefined {
  const words = text.split(/\s+/);
  let options = -1;
  for (const [at, word] of words.entries()) {
    const link = /^[^;&]+/.exec(words[at + 1] ?? '')?.[0];
    if (options > 0 && STREAM.test(word) && link !== undefined) return [word, link];
    if (/\bln$/.test(word)) options = 0;
    else options = options >= 0 && /^-./.test(word) ? options + 1 : -1;
  }
  return undefined;
}
