import { writeMarker } from '../dockerfile/marker.ts';
import {
  type CopyFrom,
  type CopyInstruction,
  type Dockerfile,
  isCopy,
  type Stage,
} from '../dockerfile/model.ts';
import { parseDockerfile } from '../dockerfile/parse-dockerfile.ts';
import { rootListHash } from '../dockerfile/root-list.ts';
import type { Layout, LayoutEntry, LayoutFile } from '../plan/layout.ts';
import { groupBy } from '../shared/group-by.ts';
import type { ImagePath } from '../shared/image-path.ts';
import { pruneStages } from './pruned-stages.ts';
import {
  MAX_COPIED,
  MAX_LAYERS,
  type Rendered,
  type RenderRequest,
  tooManyLayers,
} from './render-dockerfile.ts';
import { type RewriteRequest, type RewrittenStage, rewriteStage } from './rewrite-stage.ts';
import { type FateRequest, sourceFates } from './source-fates.ts';
import { LIST_HEADING, type Staging, stageRoot } from './staged-root.ts';
import { loadTemplate } from './template.ts';
import { withoutUnusedStages } from './unused-stages.ts';

export type RewriteDockerfileRequest = Omit<RewriteRequest, 'entries' | 'first' | 'prunedAs'> &
  Pick<RenderRequest, 'minimal' | 'promise'> & {
    readonly layout: Layout;
    /** Whether a stage over what an instruction copies from may assemble a root. */
    readonly stagingOver: (instruction: CopyInstruction) => Staging;
  };

/**
 * A Dockerfile whose final stage, made of COPY lines by hand, is rewritten in place. All before it stays to the
 * byte, but for stages that nothing uses any more. null where the stage cannot be rewritten, see `rewriteStage`.
 */
export function rewriteDockerfile(request: RewriteDockerfileRequest): Rendered | null {
  const { dockerfile, stage, layout, minimal, promise, prunings } = request;
  const { entries } = layout;
  const pruned = pruneStages(dockerfile, prunings);
  const prunedAs = pruned.nameOf;
  const plain = rewriteStage({ ...request, entries, first: [], prunedAs });
  if (plain === null) return null;
  // the author's own lines are not too many to be read
  const written = stage.instructions.filter((line) => isCopy(line) || line.keyword === 'WORKDIR').length;
  if (plain.lines <= Math.max(MAX_COPIED.lines, written) && plain.files <= MAX_COPIED.files) {
    return assemble(dockerfile, stage, {
      generated: `${pruned.text}${plain.text}`,
      list: null,
      minimal,
      promise,
    });
  }
  const staged = rewriteStaged({ ...request, prunedAs, entries });
  if (staged.kind === 'staged') {
    const generated = `${pruned.text}${staged.generated}`;
    return assemble(dockerfile, stage, { ...staged, generated, minimal, promise });
  }
  if (plain.lines > MAX_LAYERS) throw tooManyLayers(plain.lines, staged.why);
  return assemble(dockerfile, stage, {
    generated: `${pruned.text}${plain.text}`,
    list: null,
    minimal,
    promise,
  });
}

type Generated = {
  /** What takes the place of the stage. */
  readonly generated: string;
  readonly list: string | null;
};

/** The stage with most of it assembled by another stage, over the stage or image that holds most of its files. */
function rewriteStaged(
  request: RewriteDockerfileRequest & Pick<RewriteRequest, 'entries' | 'prunedAs'>,
): ({ readonly kind: 'staged' } & Generated) | Extract<Staging, { kind: 'impossible' }> {
  const { dockerfile, layout, origins, stagingOver } = request;
  const isWhole = copiedWhole(request);
  const movable = (entry: LayoutEntry): entry is LayoutFile => {
    const origin = entry.type === 'file' ? origins.get(entry.path) : undefined;
    if (origin === undefined || origin.instruction.from === null || isWhole(entry.path)) return false;
    const isPlain = origin.instruction.flags.every(({ name }) => name === 'from' || name === 'link');
    return isPlain && origin.origin === entry.path;
  };
  const fromOf = ({ path }: LayoutEntry) => baseOf(dockerfile, origins.get(path)?.instruction.from ?? null);
  const sources = [...groupBy(layout.entries.filter(movable), fromOf)].filter(([from]) => from !== null);
  const [from, files = []] = sources.sort(([, a], [, b]) => b.length - a.length)[0] ?? [];
  const [first] = files;
  if (from == null || first === undefined) {
    const why = 'no other named stage has the files at the paths where they arrive';
    return { kind: 'impossible', why };
  }
  const staging = stagingOver(origins.get(first.path)?.instruction as CopyInstruction);
  const empty = layout.entries.filter(
    (entry) => entry.type === 'directory' && entry.isEmpty && !isWhole(entry.path),
  );
  const staged = stageRoot({ entries: [...files, ...empty], left: [] }, { dockerfile, from, staging });
  if (staged.kind === 'impossible') return staged;
  const rest = new Set(staged.rest.entries.map(({ path }) => path));
  const isStaged = new Set([...files, ...empty].map(({ path }) => path).filter((path) => !rest.has(path)));
  const { view } = staged;
  const rewritten = rewriteStage({
    ...request,
    entries: layout.entries.filter(({ path }) => !isStaged.has(path)),
    first: [LIST_HEADING, `COPY --from=${view.name} ${view.place}/root/ /`],
  }) as RewrittenStage;
  const above = loadTemplate('staged-root.hbs')({ staged: view, continued: dockerfile.escapeToken });
  return { kind: 'staged', generated: `${above}${rewritten.text}`, list: staged.list };
}

/** Whether a path comes by the line of a whole directory, which stays a line beside a staged root. */
function copiedWhole(request: FateRequest & Pick<RewriteRequest, 'stage'>): (path: ImagePath) => boolean {
  const fateOf = sourceFates(request);
  const paths = new Set<ImagePath>();
  for (const instruction of request.stage.instructions.filter(isCopy)) {
    if (instruction.sources.length !== 1 || !fateOf(instruction, 0).isWhole) continue;
    const all = [...request.copied.values()].flatMap((copy) => [copy, ...copy.beneath]);
    const copies = all.filter((copy) => copy.instruction === instruction);
    const types = new Set(copies.map(({ type }) => type));
    if (types.has('directory') && types.has('file')) for (const { path } of copies) paths.add(path);
  }
  return (path) => paths.has(path);
}

/** What a FROM calls that which a COPY takes its files from; null for a stage without a name, and the build context. */
function baseOf({ stages }: Dockerfile, from: CopyFrom | null): string | null {
  if (from?.kind !== 'stage') return from?.raw ?? null;
  return stages[from.stageIndex]?.name ?? null;
}

function assemble(
  dockerfile: Dockerfile,
  { range }: Stage,
  { generated, list, minimal, promise }: Generated & Pick<RenderRequest, 'minimal' | 'promise'>,
): Rendered {
  const isCrLf = dockerfile.text.includes('\r\n');
  const stage = isCrLf ? generated.replaceAll('\n', '\r\n') : generated;
  const head = dockerfile.text.slice(0, range.start);
  const { file, settings } = dockerfile;
  const after = parseDockerfile(`${head}${stage}`, { file, ...settings });
  const above = withoutUnusedStages({ text: head }, { before: dockerfile, after });
  const fields = { before: null, minimal, promise, list: list === null ? null : rootListHash(list) };
  const marker = writeMarker(above, stage, fields);
  return { text: `${above}${isCrLf ? marker.replace('\n', '\r\n') : marker}${stage}`, list };
}
