import { isRemoteSource } from '../../dockerfile/copied-from-context.ts';
import { flagOf } from '../../dockerfile/model.ts';
import type { Rule } from '../rule.ts';

export const addRemote: Rule = {
  code: 'add-remote',
  severity: 'warning',
  about:
    'An ADD of a URL without a checksum, or of a git repository without a full commit: its content may change.',
  of: 'dockerfile',
  *check({ source: { file }, stages }) {
    for (const { instruction, copy } of stages.flatMap(({ instructions }) => instructions)) {
      if (instruction.keyword !== 'ADD' || flagOf(instruction, 'checksum') !== undefined) continue;
      const source = copy?.sources.find((at) => isRemoteSource(at) && !namesCommit(at));
      if (source === undefined) continue;
      const message = isGitSource(source)
        ? `ADD clones ${source} without a commit: name it as ${source.split(/[?#]/)[0]}#COMMIT`
        : `ADD fetches ${source} without --checksum`;
      yield { file, range: instruction.range, message };
    }
  },
};

/** A repository, as BuildKit knows it: by its scheme, or a path that ends in `.git`. */
function isGitSource(source: string): boolean {
  return /^(?:git@|git:\/\/|ssh:\/\/)/.test(source) || /^https?:\/\/[^?#]*\.git(?:[?#]|$)/.test(source);
}

/** A full commit is a checksum, after `#` or as a query: `x.git#COMMIT:directory`, `x.git?commit=COMMIT`. */
function namesCommit(source: string): boolean {
  const commit =
    /#([\da-f]{40}|[\da-f]{64})(?::|$)|[?&](?:ref|checksum|commit)=([\da-f]{40}|[\da-f]{64})(?:[&#]|$)/;
  return isGitSource(source) && commit.test(source);
}
