import { type Branch, makeBranches } from '../pr/make-branches.ts';
import { distinctEntries } from '../slim/distinct-entries.ts';
import { joinShown, type Shown, show, showLines } from '../words/terminal.ts';
import type { PrRequest } from './upstream-verbs.ts';
import type { VerbOutcome } from './verb-outcome.ts';

export async function prCommand({ entries, single, push, gh, state }: PrRequest): Promise<VerbOutcome> {
  const options = { single, push, gh, stateDirectory: state };
  const branches = await makeBranches(await distinctEntries(entries), options);
  return {
    document: { schema: 'kraft-slim/pr/1', branches },
    text: joinShown(branches.map(showBranch), '\n\n'),
    count: branches.length,
    failures: [],
  };
}

/** A branch with its commits, and the text for reviewers. */
function showBranch({ branch, base, commits, title, body, pushed, url }: Branch): Shown {
  const rows = commits.map(({ id, subject }) => show`  ${id.slice(0, 10)}  ${subject}`);
  const where = url ?? (pushed ? 'pushed' : `git push origin ${branch}`);
  const head = [show`${branch}, from ${base}`, ...rows, show`  ${where}`, '', show`# ${title}`, ''];
  return joinShown([...head, showLines(body.trimEnd())], '\n');
}
