import type { Reason } from '../../../src/analysis/need.ts';
import type { CopiedPath, SourceCopy } from '../../../src/dockerfile/copied-paths.ts';
import { type CopyInstruction, type Dockerfile, finalStage } from '../../../src/dockerfile/model.ts';
import { parseDockerfile } from '../../../src/dockerfile/parse-dockerfile.ts';
import type { RootfsEntry } from '../../../src/image/rootfs-entry.ts';
import type { RootfsView } from '../../../src/image/rootfs-view.ts';
import type {
  Layout,
  LayoutDirectory,
  LayoutEntry,
  LayoutFile,
  LayoutLink,
} from '../../../src/plan/layout.ts';
import type { Origin } from '../../../src/plan/origins.ts';
import { type Rendered, renderDockerfile } from '../../../src/render/render-dockerfile.ts';
import { type RewriteDockerfileRequest, rewriteDockerfile } from '../../../src/render/rewrite-dockerfile.ts';
import { groupBy } from '../../../src/shared/group-by.ts';
import { ancestorsOf, comparePaths, type ImagePath, imagePath } from '../../../src/shared/image-path.ts';
import { LINK, type StoredPath, type StoredPlan, type StoredSource, TYPES, WHOLE } from './stored-plan.ts';

/** The Dockerfile and the root list of a stored plan. */
export function renderStored(plan: StoredPlan): Rendered {
  const dockerfile = parseDockerfile(plan.dockerfile, { file: 'Dockerfile' });
  const layout = readLayout(plan.layout);
  if (plan.shape === 'below') {
    const full = dockerfile.stages[plan.stage];
    if (full === undefined) throw new RangeError(`the Dockerfile has no stage ${plan.stage}`);
    const { paths = [], searched = [] } = plan.removed ?? {};
    const removed = {
      paths: paths.map((path) => imagePath(path)),
      searched: searched.map((path) => imagePath(path)),
    };
    return renderDockerfile({ ...plan, promise: plan.promise ?? null, removed, dockerfile, full, layout });
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
  const read = ({ copy, source }: StoredSource, stored: StoredPath): SourceCopy => {
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
