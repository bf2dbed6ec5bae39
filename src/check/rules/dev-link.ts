import type { Rule } from '../rule.ts';

export const devLink: Rule = {
  code: 'dev-link',
  severity: 'warning',
  about: 'A link to `/dev/stdout` or `/dev/stderr`, which broke apps on Unikraft.',
  of: 'dockerfile',
  *check({ source: { file }, stages, context }) {
    for (const { instruction } of stages.flatMap(({ instructions }) => instructions)) {
      if (instruction.keyword !== 'RUN') continue;
      const [, target, link] = LINKING.exec(instruction.raw) ?? [];
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
const LINKING = /\bln\s+(?:-\S+\s+)+(\/dev\/std(?:out|err))\s+([^\s;&]+)/;
const WHY = 'let the app log to a file, or to its standard output by itself';
