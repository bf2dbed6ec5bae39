import { append } from '../shared/append.ts';
import { resolvePath, walk } from '../shared/file-tree.ts';
import {
  baseName,
  childOf,
  type ImagePath,
  imagePath,
  isWithin,
  parentOf,
  ROOT,
} from '../shared/image-path.ts';
import type { ContextEntry } from './build-context.ts';
import type { ContextTree } from './context-tree.ts';
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
  const inline = copy.inline.flatMap(({ name, content }) =>
    filePlaces(copy, name).map((path) => ({
      imagePath: path,
      content: { kind: 'inline', text: content } as const,
      instruction,
    })),
  );
  const sources = copy.sources.filter((source) => instruction.keyword === 'COPY' || !isRemoteSource(source));
  const matched = sources.flatMap((source) => matchesInContext(source, context));
  const target = keepParents ? { ...copy, intoDirectory: true } : copy;
  const copied = matched.flatMap((path) => copyOne(path, instruction, target, { context, keepParents }));
  return [...copied, ...inline];
}

/** The paths of the context that a source names. */
function matchesInContext(source: string, context: ContextTree): ImagePath[] {
  if (!isFilePattern(source)) return [imagePath(source)];
  const matches = filePattern(imagePath(source));
  return [...walk(context)].map(([path]) => path).filter(matches);
}

/** A named link is followed; a directory arrives as its content, in which links stay links: see test/engine/copy-table. */
function copyOne(
  path: ImagePath,
  instruction: CopyInstruction,
  copy: ExpandedCopy,
  { context, keepParents }: { context: ContextTree; keepParents: boolean },
): CopiedPlace[] {
  const found = resolvePath(context, path);
  const { destination } = copy;
  const base = keepParents ? join(destination, path) : destination;
  if (found.entry?.type === 'file') {
    const entry = context.entryAt(found.path) as ContextEntry;
    const places = keepParents ? [base] : filePlaces(copy, baseName(path));
    const files = places.map((place) => ({
      imagePath: place,
      content: { kind: 'entry', entry } as const,
      instruction,
    }));
    if (instruction.keyword === 'COPY') return files;
    return [...files, { imagePath: destination, content: { kind: 'archive', entry }, instruction }];
  }
  if (found.entry?.type !== 'directory') return [];
  const below = [...walk(context, found.path)].map(([inner]) => inner);
  return [found.path, ...below].flatMap((inner) => {
    const entry = context.entryAt(inner);
    const place = join(base, relativeTo(found.path, inner));
    return entry === undefined ? [] : [{ imagePath: place, content: { kind: 'entry', entry }, instruction }];
  });
}

/** Where a single file may arrive: whether the destination is a directory only the built tree knows. */
function filePlaces({ destination, intoDirectory }: ExpandedCopy, name: string): ImagePath[] {
  const inside = childOf(destination, name);
  return intoDirectory ? [inside] : [destination, inside];
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
  if (at === source.real && isFile && !source.keepParents) return filePlaces(copy, baseName(source.path));
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
