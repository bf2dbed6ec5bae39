import { append } from '../shared/append.ts';
import type { ImagePath } from '../shared/image-path.ts';
import type { Lookup, LookupReason, MissingObject, Via } from './closure.ts';
import type { LinkMap, LoadContext, Loader, OpenedFile } from './link-map.ts';
import { passedThrough } from './passed-through.ts';

/** A name to load, and who asks for it. */
export type LoadRequest = { readonly request: LookupReason; readonly name: string; readonly from: LinkMap };

/** A file that better processors load for a request. */
type PendingVariant = LoadRequest & { readonly file: OpenedFile; readonly via: Via; readonly hwcaps: string };

/** One start under way: what is loaded so far, in order, and what is still to be looked at. */
export type LoadRun = {
  readonly context: LoadContext;
  readonly loader: Loader;
  readonly loaded: LinkMap[];
  readonly queue: LinkMap[];
  readonly pendingVariants: PendingVariant[];
  readonly missing: MissingObject[];
  /** The processor under consideration; null while what all processors load is resolved. */
  hwcaps: string | null;
};

/**
 * Loads one object: by a name already known, else by a search, else it is missing. What it needs is not loaded yet.
 */
export function loadOne(run: LoadRun, wanted: LoadRequest): void {
  const { request, name, from } = wanted;
  const known = run.loader.loadedAs(name, run.loaded);
  if (known !== undefined) {
    known.neededBy.add(from.realPath);
    return;
  }
  const { found, variants, searched, refused } = run.loader.search(
    name,
    run.loader.heritage(request, from).searcher,
  );
  append(
    run.pendingVariants,
    variants.map((variant) => ({ ...variant, ...wanted })),
  );
  if (found !== null) addFile(run, wanted, found);
  else if (request !== 'auxiliary')
    run.missing.push({ request, name, neededBy: from.realPath, searched, refused });
}

/** Loads all that the queued objects need, breadth first: elf/dl-deps.c `_dl_map_object_deps`, musl `load_deps`. */
export function loadQueued(run: LoadRun): void {
  for (let map = run.queue.shift(); map !== undefined; map = run.queue.shift()) {
    for (const { kind, name } of map.elf.dependencies) {
      if (!run.loader.dependencyKinds.includes(kind)) continue;
      const expanded = run.loader.expandName(name, map);
      if (expanded !== null) loadOne(run, { request: kind, name: expanded, from: map });
      else {
        const message = `cannot load ${name}: the loader knows no value for its token and passes over it`;
        run.context.diagnostics.push({ code: 'token-unknown', message, path: map.path });
      }
    }
  }
}

/**
 * What better processors load in place of, or besides, what is loaded by now. It comes last, so that it cannot change
 * what is found for the others.
 */
export function loadVariants(run: LoadRun): void {
  for (const pending of run.pendingVariants) {
    run.hwcaps = pending.hwcaps;
    addFile(run, pending, pending);
    loadQueued(run);
  }
}

function addFile(run: LoadRun, wanted: LoadRequest, { file, via }: { file: OpenedFile; via: Via }): void {
  const { request, name, from } = wanted;
  const lookup = lookupOf(run.context, { request, name, via, neededBy: from.realPath }, file);
  const same = run.loader.loadedFrom(file, run.loaded);
  if (same !== undefined) {
    const alias = run.loader.aliasOf(same, name);
    if (alias !== null) same.names.add(alias);
    same.lookups.push(lookup);
    same.neededBy.add(from.realPath);
    return;
  }
  const map: LinkMap = {
    elf: file.elf,
    realPath: file.realPath,
    path: file.path,
    origin: run.loader.originOf(file),
    names: new Set(run.loader.namesOf(name, file)),
    loader: run.loader.heritage(request, from).loader,
    hwcaps: run.hwcaps,
    lookups: [lookup],
    neededBy: new Set([from.realPath]),
  };
  run.loaded.push(map);
  run.queue.push(map);
}

/** How a file was found, with the links and directories that its path leans on. */
export function lookupOf(
  { tree }: Pick<LoadContext, 'tree'>,
  wanted: { request: LookupReason; name: string; via: Via; neededBy: ImagePath | null },
  file: { path: string; realPath: ImagePath; links: readonly ImagePath[] },
): Lookup {
  const { path, realPath, links } = file;
  return { ...wanted, path, realPath, links, through: passedThrough(tree, path) };
}
