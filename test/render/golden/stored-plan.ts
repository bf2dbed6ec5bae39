import type { Reason } from '../../../src/analysis/need.ts';
import type { CopiedPath, SourceCopy } from '../../../src/dockerfile/copied-paths.ts';
import type { MarkerFields, Minimality } from '../../../src/dockerfile/marker.ts';
import { type CopyInstruction, isCopy } from '../../../src/dockerfile/model.ts';
import { isUnusual, type Layout, type LayoutEntry } from '../../../src/plan/layout.ts';
import type { RenderRequest } from '../../../src/render/render-dockerfile.ts';
import type { RewriteDockerfileRequest } from '../../../src/render/rewrite-dockerfile.ts';
import type { Staging } from '../../../src/render/staged-root.ts';
import { groupBy } from '../../../src/shared/group-by.ts';

/**
 * What rendering one entry takes, as JSON: no bytes, hashes, sizes or modes, which it does not look at, but for the modes
 * of directories that are not 755 of root. Directories of the layout end in a slash, whole ones in `/**`; those on the way to
 * others are left out. Links stand as `path -> target`.
 */
export type StoredPlan = {
  readonly dockerfile: string;
  readonly minimal: Minimality;
  /** Absent where the plan was recorded before there were promises. */
  readonly promise?: MarkerFields['promise'];
  readonly layout: readonly { readonly reasons: readonly Reason[]; readonly paths: readonly string[] }[];
} & (
  | {
      readonly shape: 'below';
      readonly stage: number;
      readonly env: Readonly<Record<string, string>>;
      /** What a stage removes of whole directories; absent where nothing is. */
      readonly removed?: { readonly paths: readonly string[]; readonly searched: readonly string[] };
      readonly staging: Staging;
    }
  | {
      readonly shape: 'in-place';
      readonly workdir: string;
      readonly copied: readonly StoredSource[];
      /** Number of the instruction and of its source, and the path there, by the path in the layout. */
      readonly origins: Readonly<Record<string, readonly [copy: number, source: number, origin: string]>>;
      readonly added: Readonly<Record<string, readonly string[]>>;
      /** Mode, user and group. */
      readonly directories: Readonly<Record<string, readonly [number, number, number]>>;
      /** The same of the layout's directories; absent where there are none. */
      readonly exact?: Readonly<Record<string, readonly [number, number, number]>>;
      /** By the number of the instruction; absent where nothing is pruned. */
      readonly prunings?: readonly {
        readonly copy: number;
        readonly paths: readonly string[];
        readonly origins: readonly string[];
      }[];
      /** By what `--from` says. */
      readonly staging: Readonly<Record<string, Staging>>;
    }
);

/** What one source of one instruction copied: `f`, `d` or `l` and a path, with its origin where that is another. */
export type StoredSource = {
  readonly copy: number;
  readonly source: number;
  readonly paths: readonly StoredPath[];
  readonly beneath: readonly StoredPath[];
};
export type StoredPath = string | readonly [path: string, origin: string, place: string];

const LETTERS = { file: 'f', directory: 'd', symlink: 'l' } as const;
export const TYPES = { f: 'file', d: 'directory', l: 'symlink' } as const;

export function storeBelow({
  dockerfile,
  full,
  layout,
  env,
  minimal,
  promise,
  removed,
  staging,
}: RenderRequest): StoredPlan {
  const stored = { dockerfile: dockerfile.text, minimal, promise, layout: storeLayout(layout) };
  const pruned = removed.paths.length > 0 ? { removed } : {};
  return { shape: 'below', ...stored, ...pruned, stage: full.index, env, staging };
}

export function storeInPlace(request: RewriteDockerfileRequest): StoredPlan {
  const { dockerfile, stage, layout, minimal, promise, workdir, origins, added, copied, full, stagingOver } =
    request;
  const numberOf = (instruction: CopyInstruction) => stage.instructions.indexOf(instruction);
  const odd = [...copied.values()].flatMap(({ path, type }) => {
    const entry = type === 'directory' ? full.lookup(path) : undefined;
    if (entry === undefined || (entry.mode === 0o755 && entry.uid + entry.gid === 0)) return [];
    return [[path, [entry.mode, entry.uid, entry.gid] as const] as const];
  });
  const copies = stage.instructions.filter(isCopy).filter(({ from }) => from !== null);
  return {
    shape: 'in-place',
    dockerfile: dockerfile.text,
    minimal,
    promise,
    layout: storeLayout(layout),
    workdir,
    copied: storeCopied([...copied.values()], numberOf),
    origins: Object.fromEntries(
      [...origins].map(([path, { instruction, source, origin }]) => [
        path,
        [numberOf(instruction), source, origin],
      ]),
    ),
    added: Object.fromEntries([...added].map(([from, files]) => [from, files.map(({ path }) => path)])),
    directories: Object.fromEntries(odd),
    staging: Object.fromEntries(copies.map((copy) => [copy.from?.raw, stagingOver(copy)])),
    ...storePrunings(request, numberOf),
  };
}

function storePrunings(
  { layout, prunings }: Pick<RewriteDockerfileRequest, 'layout' | 'prunings'>,
  numberOf: (instruction: CopyInstruction) => number,
): Pick<Extract<StoredPlan, { shape: 'in-place' }>, 'exact' | 'prunings'> {
  const unusual = layout.entries.flatMap((entry) =>
    entry.type === 'directory' && isUnusual(entry)
      ? [[entry.path, [entry.mode, entry.uid, entry.gid] as const] as const]
      : [],
  );
  const stored = prunings.map(({ instruction, paths, origins }) => ({
    copy: numberOf(instruction),
    paths,
    origins,
  }));
  return {
    ...(unusual.length > 0 ? { exact: Object.fromEntries(unusual) } : {}),
    ...(stored.length > 0 ? { prunings: stored } : {}),
  };
}

function storeLayout({ entries }: Layout): StoredPlan['layout'] {
  const told = entries.filter(
    (entry) => entry.type !== 'directory' || entry.isEmpty || entry.isWhole || entry.reasons.length > 0,
  );
  return [...groupBy(told, ({ reasons }) => JSON.stringify(reasons))].map(([reasons, members]) => ({
    reasons: JSON.parse(reasons) as Reason[],
    paths: members.map(storePath),
  }));
}

function storePath(entry: LayoutEntry): string {
  if (entry.type === 'directory') return `${entry.path}/${entry.isWhole ? WHOLE : ''}`;
  return entry.type === 'file' ? entry.path : `${entry.path}${LINK}${entry.target}`;
}

/** Behind a whole directory, and between a link and its target: no fixture has such a name. */
export const WHOLE = '**';
export const LINK = ' -> ';

function storeCopied(
  copied: readonly CopiedPath[],
  numberOf: (instruction: CopyInstruction) => number,
): StoredSource[] {
  const keyOf = ({ instruction, source }: SourceCopy) => `${numberOf(instruction)} ${source}`;
  const beneath = groupBy(
    copied.flatMap((one) => one.beneath),
    keyOf,
  );
  const last = groupBy(copied, keyOf);
  return [...new Set([...last.keys(), ...beneath.keys()])].map((key) => {
    const [copy, source] = key.split(' ').map(Number) as [number, number];
    const store = ({ path, type, origin, place }: SourceCopy): StoredPath => {
      const typed = `${LETTERS[type as keyof typeof LETTERS]}${path}`;
      return origin === path && place === path ? typed : [typed, origin, place];
    };
    const paths = (last.get(key) ?? []).map(store);
    return { copy, source, paths, beneath: (beneath.get(key) ?? []).map(store) };
  });
}
