import { libraryName, publishedAs } from '../catalog/entry-files.ts';
import { withRow } from '../catalog/entry-table.ts';
import type { CommitPlan } from '../git/write-commits.ts';
import { megabytes } from '../shared/byte-size.ts';
import { messageOf } from './commit-message.ts';
import type { Proposal } from './proposal.ts';

export type CommitContext = {
  /** Who signs off. */
  readonly signer: string;
  /** The catalog's README in the main branch, and its path from the top; null where it has none. */
  readonly readme: { readonly path: string; readonly text: string } | null;
};

/** The commits of entries on one branch, one change in each: the entry, its workflow, its row in the table. */
export function planCommits(proposals: readonly Proposal[], { signer, readme }: CommitContext): CommitPlan[] {
  let text = readme?.text;
  return proposals.flatMap((proposal): CommitPlan[] => {
    const { unit, workflow, row, title } = proposal;
    const plans: CommitPlan[] = [entryCommit(proposal, signer)];
    if (workflow !== null) {
      const said = {
        type: 'feat',
        scope: '.github',
        texts: [`Build ${title} and publish it`, `Build ${unit.name}`],
      } as const;
      plans.push({ message: messageOf(said, [], signer), changes: [{ kind: 'text', ...workflow }] });
    }
    const after = row === null || text === undefined ? undefined : withRow(text, unit.name, row);
    if (after !== undefined && readme !== null && after !== text) {
      text = after;
      const said = {
        type: 'docs',
        scope: null,
        texts: [`Add ${title} to the table of images`, `Add ${unit.name}`],
      } as const;
      plans.push({
        message: messageOf(said, [], signer),
        changes: [{ kind: 'text', path: readme.path, text: after }],
      });
    }
    return plans;
  });
}

function entryCommit({ unit, title, isNew, places, state }: Proposal, signer: string): CommitPlan {
  const scope = unit.name.split('/')[0] ?? null;
  const texts = isNew
    ? ([`Introduce ${title}`, `Introduce ${unit.name}`] as const)
    : ([`Slim the root file system of ${title}`, `Slim ${title}`, `Slim ${unit.name}`] as const);
  const { before, after, repaired, workload } = state.result;
  const size = after === null ? '' : sizeOf(after);
  const full = before === null ? '' : sizeOf(before);
  const sizes =
    size === '' ? '' : `The root file system has ${size}${['', size].includes(full) ? '' : ` of ${full}`}`;
  const probes = workload?.probes.length ?? 0;
  const proof = `kraft-slim rebuilt it, and it behaves as before under ${probes === 1 ? 'one probe' : `${probes} probes`}.`;
  const library = libraryName(unit.name);
  const body = [
    ...(library !== undefined && isNew ? [`Its image is ${publishedAs(library)}.`] : []),
    `${sizes === '' ? '' : `${sizes}. `}${proof}${repaired ? ' kraft-slim repaired what upstream changes broke.' : ''}`,
  ];
  return {
    message: messageOf({ type: isNew ? 'feat' : 'fix', scope, texts }, body, signer),
    changes: places.map((path) => ({ kind: 'directory', path })),
  };
}

function sizeOf({ files, bytes }: { readonly files: number; readonly bytes: number }): string {
  return `${files} files, ${megabytes(bytes)}`;
}
