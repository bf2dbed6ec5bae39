import { loadTemplate } from '../render/template.ts';
import { megabytes } from '../shared/byte-size.ts';
import { groupBy } from '../shared/group-by.ts';
import { VERSION } from '../shared/version.ts';
import type { UnitState } from '../slim/state/state.ts';
import { inlineCode, phrase } from '../words/markdown.ts';
import type { Proposal } from './proposal.ts';

/** What reviewers read. */
export type PullRequest = { readonly title: string; readonly body: string };

type SizeView = { readonly files: number; readonly size: string };

type EntryView = {
  readonly name: string;
  readonly title: string;
  readonly before: SizeView | null;
  readonly after: SizeView;
  readonly repaired: boolean;
  readonly promise: string | null;
  readonly kept: readonly { readonly count: string; readonly reason: string }[];
  readonly source: string;
  readonly probes: readonly { readonly kind: string; readonly outcome: string }[];
  readonly memory: { readonly size: string; readonly suggested: string } | null;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  readonly upstream: readonly {
    readonly image: string;
    readonly source: string | null;
    readonly revision: string | null;
  }[];
};

type PullRequestView = { readonly entries: readonly EntryView[]; readonly version: string };

/** The text of a pull request for entries on one branch. `title` is its first commit's, where it has one entry. */
export function pullRequestOf(proposals: readonly Proposal[], title: string): PullRequest {
  const view = { entries: proposals.map(viewOf), version: VERSION };
  return { title, body: loadTemplate<PullRequestView>('pull-request.hbs')(view) };
}

function viewOf({ unit, state, title, upstream }: Proposal): EntryView {
  const { before, after, repaired, promise, workload, memory, warnings } = state.result;
  const sizeOf = (size: { files: number; bytes: number }) => ({
    files: size.files,
    size: megabytes(size.bytes),
  });
  return {
    name: unit.name,
    title: phrase(title),
    before: before === null ? null : sizeOf(before),
    after: sizeOf(after ?? { files: 0, bytes: 0 }),
    repaired,
    promise: promise === null ? null : PROMISE_TEXT[promise],
    kept: reasonsOf(state.kept ?? []),
    source:
      workload === null || workload.source === 'derived'
        ? 'what is usual'
        : `the ${SOURCES[workload.source]}`,
    probes: (workload?.probes ?? []).map(({ kind, passed }) => ({
      kind,
      outcome: passed ? 'passed' : 'failed',
    })),
    memory:
      memory === null
        ? null
        : { size: megabytes(memory.initramfsBytes), suggested: `${memory.suggestedMiB}M` },
    upstream: upstream.map(({ image, source, revision }) => ({
      image: inlineCode(image),
      // GitHub would notify the address of an issue
      source: source === null ? null : inlineCode(source),
      revision: revision === null ? null : inlineCode(revision),
    })),
    warnings: warnings.map(({ code, message }) => ({ code: inlineCode(code), message: inlineCode(message) })),
  };
}

const PROMISE_TEXT = {
  app: 'the app with all that its author put in (`promise: app`)',
  runtime: 'the whole interface of the runtime, since other entries build on it (`promise: runtime`)',
  workload: 'what the workload needs, and nothing for other uses (`promise: workload`)',
} as const;

const SOURCES = {
  readme: 'README',
  config: 'kraft-slim.yaml',
  test: 'test file',
  runconfig: 'RunConfig.yaml',
} as const;

/** Paths counted by their first reasons, whatever other path a reason names. */
function reasonsOf(kept: NonNullable<UnitState['kept']>): { count: string; reason: string }[] {
  const groups = groupBy(kept, ({ reasons }) => withoutPath(reasons[0] ?? 'kept'));
  return [...groups]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([reason, paths]) => ({
      count: paths.length === 1 ? '1 path:' : `${paths.length} paths:`,
      reason: phrase(reason),
    }));
}

/** `linked by /bin/a` is linked by another file, and so is what `/bin/b` links. */
function withoutPath(reason: string): string {
  return reason
    .replace(/^.* of the build context$/, 'from the build context')
    .replace(/^linked by \/.*$/, 'linked by another file')
    .replace(/ of \/.*$/, '')
    .replace(/ the script \/.*$/, ' a script');
}
