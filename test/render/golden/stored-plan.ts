import type { Reason } from '../../../src/analysis/need.ts';
import type { Brought, CopiedPath } from '../../../src/dockerfile/copied-paths.ts';
import type { MarkerFields, Minimality } from '../../../src/dockerfile/marker.ts';
import { type CopyInstruction, type Dockerfile, finalStage, isCopy } from '../../../src/dockerfile/model.ts';
import { parseDockerfile } from '../../../src/dockerfile/parse-dockerfile.ts';
import type { RootfsEntry } from '../../../src/image/rootfs-entry.ts';
import type { RootfsView } from '../../../src/image/rootfs-view.ts';
import {
  isUnusual,
  type Layout,
  type LayoutDirectory,
  type LayoutEntry,
  type LayoutFile,
  type LayoutLink,
} from '../../../src/plan/layout.ts';
import type { Origin } from '../../../src/plan/origins.ts';
import {
  type Rendered,
  type RenderRequest,
  renderDockerfile,
} from '../../../src/render/render-dockerfile.ts';
import { type RewriteDockerfileRequest, rewriteDockerfile } from '../../../src/render/rewrite-dockerfile.ts';
import type { Staging } from '../../../src/render/staged-root.ts';
import { groupBy } from '../../../src/shared/group-by.ts';
import { ancestorsOf, comparePaths, type ImagePath, imagePath } from '../../../src/shared/image-path.ts';

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

/** What one source of one instruction brought: `f`, `d` or `l` and a path, with its origin where that is another. */
type StoredSource = {
  readonly copy: number;
  readonly source: number;
  readonly paths: readonly StoredPath[];
  readonly beneath: readonly StoredPath[];
};
type StoredPath = string | readonly [path: string, origin: string, place: string];

const LETTERS = { file: 'f', directory: 'd', symlink: 'l' } as const;
const TYPES = { f: 'file', d: 'directory', l: 'symlink' } as const;

export function storeBelow({
  dockerfile,
  full,
  layout,
  env,
  minimal,
  promise,
  staging,
}: RenderRequest): StoredPlan {
  const stored = { dockerfile: dockerfile.text, minimal, promise, layout: storeLayout(layout) };
  return { shape: 'below', ...stored, stage: full.index, env, staging };
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
const WHOLE = '**';
const LINK = ' -> ';

function storeCopied(
  copied: readonly CopiedPath[],
  numberOf: (instruction: CopyInstruction) => number,
): StoredSource[] {
  const keyOf = ({ instruction, source }: Brought) => `${numberOf(instruction)} ${source}`;
  const beneath = groupBy(
    copied.flatMap((one) => one.beneath),
    keyOf,
  );
  const last = groupBy(copied, keyOf);
  return [...new Set([...last.keys(), ...beneath.keys()])].map((key) => {
    const [copy, source] = key.split(' ').map(Number) as [number, number];
    const store = ({ path, type, origin, place }: Brought): StoredPath => {
      const typed = `${LETTERS[type as keyof typeof LETTERS]}${path}`;
      return origin === path && place === path ? typed : [typed, origin, place];
    };
    const paths = (last.get(key) ?? []).map(store);
    return { copy, source, paths, beneath: (beneath.get(key) ?? []).map(store) };
  });
}

/** The Dockerfile and the root list of a stored plan. */
export function renderStored(plan: StoredPlan): Rendered {
  const dockerfile = parseDockerfile(plan.dockerfile, { file: 'Dockerfile' });
  const layout = readLayout(plan.layout);
  if (plan.shape === 'below') {
    const full = dockerfile.stages[plan.stage];
    if (full === undefined) throw new RangeError(`the Dockerfile has no stage ${plan.stage}`);
    return renderDockerfile({ ...plan, promise: plan.promise ?? null, dockerfile, full, layout });
  }
  const rendered = rewriteDockerfile({
    ...readInPlace(plan, dockerfile, layout),
    dockerfile,
    stage: finalStage(dockerfile),
    layout: withModes(layout, plan.exact ?? {}),
    minimal: plan.minimal,
    promise: plan.promise ?? null,
  });
  if (rendered === null) throw new RangeError('the stage cannot be rewritten in place');
  return rendered;
}

function readLayout(groups: StoredPlan['layout']): Layout {
  const all = groups.flatMap(({ reasons, paths }) => paths.map((path) => ({ path, reasons })));
  const links = all.filter(({ path }) => path.includes(LINK));
  const whole = new Set(
    all.flatMap(({ path }) => (path.endsWith(WHOLE) ? path.slice(0, -WHOLE.length) : [])),
  );
  const told = all
    .filter(({ path }) => !path.includes(LINK))
    .map(({ path, reasons }) => ({
      path: path.endsWith(WHOLE) ? path.slice(0, -WHOLE.length) : path,
      reasons,
    }));
  const reasonsOf = new Map(
    told.map(({ path, reasons }) => [path.endsWith('/') ? imagePath(path) : path, reasons]),
  );
  const files = told.filter(({ path }) => !path.endsWith('/')).map(({ path }) => imagePath(path));
  const named = told.filter(({ path }) => path.endsWith('/')).map(({ path }) => imagePath(path));
  const parents = new Set(
    [...files, ...named, ...links.map(({ path }) => imagePath(path.split(LINK)[0] ?? ''))].flatMap(
      ancestorsOf,
    ),
  );
  const entries: LayoutEntry[] = [
    ...files.map((path): LayoutFile => fileOf(path, reasonsOf.get(path) ?? [])),
    ...[...new Set([...named, ...parents])].map(
      (path): LayoutDirectory => ({
        type: 'directory',
        path,
        mode: 0o755,
        uid: 0,
        gid: 0,
        isEmpty: !parents.has(path),
        ...(whole.has(`${path}/`) ? { isWhole: true as const } : {}),
        reasons: reasonsOf.get(path) ?? [],
      }),
    ),
    ...links.map(({ path: text, reasons }): LayoutLink => {
      const [path = '', target = ''] = text.split(LINK);
      const at = imagePath(path);
      return { type: 'symlink', path: at, source: at, mode: 0o777, uid: 0, gid: 0, target, reasons };
    }),
  ];
  return { entries: entries.sort((a, b) => comparePaths(a.path, b.path)), left: [] };
}

function withModes(
  { entries, left }: Layout,
  exact: Readonly<Record<string, readonly [number, number, number]>>,
): Layout {
  const moded = entries.map((entry) => {
    const [mode, uid, gid] = exact[entry.path] ?? [entry.mode, entry.uid, entry.gid];
    return { ...entry, mode, uid, gid };
  });
  return { entries: moded, left };
}

function fileOf(path: ImagePath, reasons: readonly Reason[]): LayoutFile {
  return { type: 'file', path, source: path, mode: 0o644, uid: 0, gid: 0, sha256: '', size: 0, reasons };
}

function readInPlace(
  plan: Extract<StoredPlan, { shape: 'in-place' }>,
  dockerfile: Dockerfile,
  layout: Layout,
): Pick<
  RewriteDockerfileRequest,
  'workdir' | 'copied' | 'origins' | 'added' | 'full' | 'stagingOver' | 'prunings'
> {
  const { instructions } = finalStage(dockerfile);
  const copyAt = (number: number) => instructions[number] as CopyInstruction;
  const files = new Map(
    layout.entries.flatMap((entry) => (entry.type === 'file' ? [[entry.path, entry]] : [])),
  );
  return {
    workdir: imagePath(plan.workdir),
    copied: readCopied(plan.copied, copyAt),
    origins: new Map(
      Object.entries(plan.origins).map(([path, [copy, source, origin]]): [ImagePath, Origin] => [
        imagePath(path),
        { instruction: copyAt(copy), source, origin: imagePath(origin) },
      ]),
    ),
    added: new Map(
      Object.entries(plan.added).map(([from, paths]) => [
        from,
        paths.map((path) => files.get(imagePath(path)) as LayoutFile),
      ]),
    ),
    full: directoriesOf(plan.directories),
    prunings: (plan.prunings ?? []).map(({ copy, paths, origins }) => ({
      instruction: copyAt(copy),
      paths: paths.map((path) => imagePath(path)),
      origins: origins.map((path) => imagePath(path)),
    })),
    stagingOver: ({ from }) =>
      plan.staging[from?.raw ?? ''] ?? { kind: 'impossible', why: 'it is the build context' },
  };
}

function readCopied(
  sources: readonly StoredSource[],
  copyAt: (number: number) => CopyInstruction,
): Map<ImagePath, CopiedPath> {
  const read = ({ copy, source }: StoredSource, stored: StoredPath): Brought => {
    const [typed, origin, place] =
      typeof stored === 'string' ? [stored, stored.slice(1), stored.slice(1)] : stored;
    const type = TYPES[typed[0] as keyof typeof TYPES];
    const paths = { path: imagePath(typed.slice(1)), origin: imagePath(origin), place: imagePath(place) };
    return { ...paths, type, instruction: copyAt(copy), source };
  };
  const beneath = groupBy(
    sources.flatMap((one) => one.beneath.map((stored) => read(one, stored))),
    ({ path }) => path,
  );
  const last = sources.flatMap((one) => one.paths.map((stored) => read(one, stored)));
  return new Map(last.map((one) => [one.path, { ...one, beneath: beneath.get(one.path) ?? [] }]));
}

/** A root file system that is asked for its directories alone. */
function directoriesOf(odd: Readonly<Record<string, readonly [number, number, number]>>): RootfsView {
  return {
    lookup: (path): RootfsEntry => {
      const [mode, uid, gid] = odd[path] ?? [0o755, 0, 0];
      const rest = { size: 0, mtime: 0, linkTarget: null, hardLinkTo: null, offset: 0 };
      return { type: 'directory', mode, uid, gid, ...rest };
    },
    list: () => [],
    read: () => new Uint8Array(),
  };
}
