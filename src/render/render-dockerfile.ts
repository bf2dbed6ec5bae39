import { type MarkerFields, writeMarker } from '../dockerfile/marker.ts';
import type { Dockerfile, EscapeToken, Stage } from '../dockerfile/model.ts';
import { rootListHash } from '../dockerfile/root-list.ts';
import type { Layout } from '../plan/layout.ts';
import type { Removed } from '../plan/pruned-directories.ts';
import { UserError } from '../shared/failure.ts';
import { type ImagePath, isWithin } from '../shared/image-path.ts';
import { type BlockView, blocksOf, piecesOf, type WholeDirectory } from './blocks.ts';
import { envWord, workdirWord } from './copy-words.ts';
import { nameStage } from './name-stage.ts';
import { type PrunedStage, pruneStage } from './pruned-stages.ts';
import {
  hasLinks,
  hasUnusual,
  type StagedRoot,
  type StagedView,
  type Staging,
  stageRoot,
} from './staged-root.ts';
import { loadTemplate } from './template.ts';

/** What the template `Dockerfile.hbs` shows: a stage that holds the layout and nothing else. */
type StageView = {
  /** The stages before it that remove what nothing needs. */
  readonly pruned: readonly PrunedStage[];
  /** The stage before it that assembles most of the layout; null where all of it comes in COPY lines. */
  readonly staged: StagedView | null;
  readonly env: readonly string[];
  readonly blocks: readonly BlockView[];
  readonly directories: readonly string[];
  /** What joins a line with the next: the Dockerfile's escape character. */
  readonly continued: string;
};

export type RenderRequest = {
  readonly dockerfile: Dockerfile;
  /** The stage that holds the full root file system; it must not be empty of a base. */
  readonly full: Stage;
  readonly layout: Layout;
  /** What a stage removes so that whole directories of the layout can be copied. */
  readonly removed: Removed;
  /** Variables of the image that the app needs and the platform does not set. */
  readonly env: Readonly<Record<string, string>>;
  readonly minimal: MarkerFields['minimal'];
  readonly promise: MarkerFields['promise'];
  /** Whether a stage may assemble the root where COPY lines would be too many. */
  readonly staging: Staging;
};

export type Rendered = {
  /** The whole Dockerfile. */
  readonly text: string;
  /** The text of the root list that has to lie beside it; null where it needs none. */
  readonly list: string | null;
};

/**
 * A Dockerfile with a final stage of the layout's files alone, below its own text. Above the marker only one thing
 * changes: the stage that is copied from gets a name where it has none.
 */
export function renderDockerfile(request: RenderRequest): Rendered {
  const { dockerfile, full, env, minimal, promise } = request;
  const { above, name } = nameStage(dockerfile, full);
  const { pruning, staged, copied } = shapeOf(request, name);
  const view: StageView = {
    pruned: pruning === null ? [] : [pruning],
    staged: staged?.view ?? null,
    env: Object.entries(env).map(([key, value]) => envWord(key, value, dockerfile.escapeToken)),
    ...copied,
    continued: dockerfile.escapeToken,
  };
  const stage = loadTemplate<StageView>('Dockerfile.hbs')(view);
  const head = `${above.trimEnd()}\n\n`;
  const list = staged?.list ?? null;
  const fields = { before: name, minimal, promise, list: list === null ? null : rootListHash(list) };
  return { text: `${head}${writeMarker(head, stage, fields)}${stage}`, list };
}

/**
 * No reader reads more COPY and WORKDIR lines than these, and each is a layer; of more files than these the COPYs take
 * longer than all the rest (some 30 ms for each source), and BuildKit of Engine 20.10 fails at random on them. WORKDIR
 * lines for more empty directories than these say nothing: a list holds them better.
 */
export const MAX_COPIED = { lines: 60, files: 400, directories: 12 };

/** The classic builder fails past 125 layers, BuildKit of Engine 20.10 past 126; one is left for the last WORKDIR. */
export const MAX_LAYERS = 124;

type CopyOptions = {
  readonly from: string;
  readonly escapeToken: EscapeToken;
  readonly prunedAs: (directory: ImagePath) => string | null;
};
type Copied = Pick<StageView, 'blocks' | 'directories'>;

/** Most of the layout by a separate stage where COPY lines would be too many, the rest of it in such lines. */
function shapeOf(
  { dockerfile, layout, staging, removed }: RenderRequest,
  from: string,
): { pruning: PrunedStage | null; staged: StagedRoot | null; copied: Copied } {
  const { escapeToken } = dockerfile;
  const { directories, entries } = piecesOf(layout, removed.paths);
  const pruning = pruneStage(dockerfile, { from, removed });
  const isPruned = (top: ImagePath) => removed.paths.some((path) => isWithin(path, top));
  const prunedAs = (top: ImagePath) => (pruning !== null && isPruned(top) ? pruning.name : null);
  const copied = copiedOf({ entries, directories }, { from, escapeToken, prunedAs });
  const lines = linesOf(copied);
  if (!isTooMuch(copied, entries)) return { pruning, staged: null, copied };
  const staged = stageRoot({ entries, left: [] }, { dockerfile, from, staging });
  if (staged.kind === 'staged') {
    const rest = copiedOf({ ...staged.rest, directories }, { from, escapeToken, prunedAs });
    return { pruning, staged, copied: rest };
  }
  if (lines > MAX_LAYERS) throw tooManyLayers(lines, staged.why);
  return { pruning, staged: null, copied };
}

/** Whether a stage has to assemble a layout, since COPY lines would be too many or cannot copy all of it. */
export function needsStaging(
  layout: Layout,
  { escapeToken, removed }: { readonly escapeToken: EscapeToken; readonly removed: Removed },
): boolean {
  const { directories, entries } = piecesOf(layout, removed.paths);
  const options = { from: 'build', escapeToken, prunedAs: () => null };
  return isTooMuch(copiedOf({ entries, directories }, options), entries);
}

function isTooMuch(copied: Copied, entries: Layout['entries']): boolean {
  const files = entries.filter(({ type }) => type === 'file').length;
  const isMany = linesOf(copied) > MAX_COPIED.lines || files > MAX_COPIED.files;
  return (
    isMany ||
    copied.directories.length > MAX_COPIED.directories ||
    hasUnusual({ entries }) ||
    hasLinks({ entries })
  );
}

function copiedOf(
  { entries, directories }: Pick<Layout, 'entries'> & { readonly directories: readonly WholeDirectory[] },
  options: CopyOptions,
): Copied {
  const files = entries.filter((entry) => entry.type === 'file');
  const empty = entries.filter((entry) => entry.type === 'directory' && entry.isEmpty);
  return {
    blocks: blocksOf({ files, directories }, options),
    directories: empty.map(({ path }) => workdirWord(path, options.escapeToken)),
  };
}

function linesOf({ blocks, directories }: Copied): number {
  return directories.length + blocks.reduce((sum, { copies }) => sum + copies.length, 0);
}

/** The failure of a result that no engine would build. */
export function tooManyLayers(layers: number, why: string): UserError {
  const message = `cannot write the stage: the needed files lie in ${layers} directories, and each needs a layer`;
  return new UserError('build-failed', `${message}, and engines build at most ${MAX_LAYERS + 1}`, {
    hint: `a stage cannot assemble the root from a list: ${why}; drop files that the app works without`,
  });
}
