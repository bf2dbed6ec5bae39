import { append } from '../shared/append.ts';
import { resolvePath } from '../shared/file-tree.ts';
import { baseName, type ImagePath, imagePath, isWithin, parentOf, ROOT } from '../shared/image-path.ts';
import type { ContextEntry } from './build-context.ts';
import type { ContextTree } from './context-tree.ts';
import { arrivalsOf, filePlaces, matchesOf } from './copy-arrivals.ts';
import type { ExpandedCopy, ExpandedStage } from './expand-stage.ts';
import { filePattern, isFilePattern } from './file-pattern.ts';
import { type CopyInstruction, flagOf } from './model.ts';

/** What lies at a place: an entry of the context, text from the Dockerfile, or the unpacked content of an archive. */
export type CopiedContent =
  | { readonly kind: 'entry'; readonly entry: ContextEntry }
  | { readonly kind: 'inline'; readonly text: string }
  | { readonly kind: 'archive'; readonly entry: ContextEntry };

/** A place where a COPY or ADD may have put something from the build context; the built tree has to prove it. */
export type CopiedPlace = {
  readonly imagePath: ImagePath;
  readonly content: CopiedContent;
  /** The instruction that read the context. */
  readonly instruction: CopyInstruction;
};

/**
 * Every place in a stage that may hold something from the build context: by its own COPY and ADD, by the stage
 * it is FROM, and by COPY --from of a place in another stage that may hold it. Places are too many rather than
 * too few: `COPY a /b` may mean `/b` or `/b/a`.
 */
export function placesFromContext(
  stageIndex: number,
  expand: (stageIndex: number) => ExpandedStage,
  context: ContextTree,
): CopiedPlace[] {
  const known = new Map<number, CopiedPlace[]>();
  const placesOf = (index: number): CopiedPlace[] => {
    const found = known.get(index);
    if (found !== undefined) return found;
    // stages that copy from one another in a circle get nothing from it
    known.set(index, []);
    const { stage, instructions } = expand(index);
    const places = stage.from.kind === 'stage' ? [...placesOf(stage.from.stageIndex)] : [];
    for (const { instruction, copy } of instructions) {
      if (copy === null || (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD')) continue;
      const { from } = instruction;
      if (from === null) append(places, fromContext(instruction, copy, context));
      else if (from.kind === 'stage') append(places, fromStage(instruction, copy, placesOf(from.stageIndex)));
    }
    known.set(index, places);
    return places;
  };
  return placesOf(stageIndex);
}

/** Linux gives up after 40 links, path_resolution(7). */
const MAX_LINKS = 40;

const REMOTE = /^(?:https?|git|ssh):\/\/|^git@|\.git(?:#|$)/;

/** Whether an ADD of this source reads nothing from the context. */
export function isRemoteSource(source: string): boolean {
  return REMOTE.test(source);
}

function fromContext(instruction: CopyInstruction, copy: ExpandedCopy, context: ContextTree): CopiedPlace[] {
  const keepParents = flagOf(instruction, 'parents') !== undefined;
  const isAdd = instruction.keyword === 'ADD';
  const sources = copy.sources.filter((source) => !(isAdd && isRemoteSource(source)));
  const copied = sources.flatMap((source) =>
    [...arrivalsOf(source, copy, { tree: context, keepParents })].flatMap(({ at, real }) =>
      placeOf(at, 'entry', context.entryAt(real)),
    ),
  );
  const unpacked = (isAdd ? sources : [])
    .flatMap((source) => matchesOf(source, context))
    .map((path) => resolvePath(context, path))
    .filter(({ entry }) => entry?.type === 'file')
    .flatMap(({ path }) => placeOf(copy.destination, 'archive', context.entryAt(path)));
  const inline = copy.inline.flatMap(({ name, content: text }) =>
    filePlaces(copy, name).map(({ at }) => ({ imagePath: at, content: { kind: 'inline', text } as const })),
  );
  return [...copied, ...unpacked, ...inline].map((place) => ({ ...place, instruction }));
}

function placeOf(
  path: ImagePath,
  kind: 'entry' | 'archive',
  entry: ContextEntry | undefined,
): Omit<CopiedPlace, 'instruction'>[] {
  return entry === undefined ? [] : [{ imagePath: path, content: { kind, entry } }];
}

/** The places that a COPY --from carries on from another stage. */
function fromStage(
  instruction: CopyInstruction,
  copy: ExpandedCopy,
  places: readonly CopiedPlace[],
): CopiedPlace[] {
  const keepParents = flagOf(instruction, 'parents') !== undefined;
  const links = new Map<ImagePath, string>();
  for (const { imagePath: at, content } of places) {
    if (content.kind === 'entry' && content.entry.linkTarget !== null)
      links.set(at, content.entry.linkTarget);
  }
  return copy.sources
    .flatMap((source) => matchesInStage(source, places))
    .flatMap((path) => {
      const source = { path, real: throughLinks(path, links), keepParents };
      return places.flatMap((place) =>
        carried(place, source, copy).map((target) => ({ ...place, imagePath: target })),
      );
    });
}

/** The paths of a stage that a source names, as far as they lie at or above something from the context. */
function matchesInStage(source: string, places: readonly CopiedPlace[]): ImagePath[] {
  if (!isFilePattern(source)) return [imagePath(source)];
  const paths = new Set(places.flatMap((place) => selfAndAncestors(place.imagePath)));
  return [...paths].filter(filePattern(imagePath(source)));
}

/** Follows the links that are known to be in the stage. */
function throughLinks(path: ImagePath, links: ReadonlyMap<ImagePath, string>): ImagePath {
  let at = path;
  for (let count = 0; count < MAX_LINKS; count += 1) {
    const link = selfAndAncestors(at).find((step) => links.has(step));
    if (link === undefined) return at;
    const target = imagePath(links.get(link) as string, parentOf(link));
    at = join(target, relativeTo(link, at));
  }
  return at;
}

/** Where a place arrives when a source of its stage is copied; nowhere if it lies outside. */
function carried(
  { imagePath: at, content }: CopiedPlace,
  source: { readonly path: ImagePath; readonly real: ImagePath; readonly keepParents: boolean },
  copy: ExpandedCopy,
): ImagePath[] {
  const base = source.keepParents ? join(copy.destination, source.path) : copy.destination;
  if (content.kind === 'archive' && isWithin(source.real, at)) return [base];
  if (!isWithin(at, source.real)) return [];
  const isFile = content.kind === 'inline' || (content.kind === 'entry' && content.entry.type === 'file');
  if (at === source.real && isFile && !source.keepParents) {
    return filePlaces(copy, baseName(source.path)).map((place) => place.at);
  }
  return [join(base, relativeTo(source.real, at))];
}

/** Shortest first. */
function selfAndAncestors(path: ImagePath): ImagePath[] {
  const names = path.split('/');
  return names.slice(1).map((_, index) => imagePath(names.slice(0, index + 2).join('/')));
}

function relativeTo(directory: ImagePath, path: ImagePath): string {
  return path === directory ? '' : path.slice(directory === ROOT ? 1 : directory.length + 1);
}

function join(directory: ImagePath, path: string): ImagePath {
  return imagePath(`${directory}/${path}`);
}
