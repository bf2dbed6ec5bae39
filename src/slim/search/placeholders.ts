import type { Reason } from '../../analysis/need.ts';
import { GENERATED_FILES } from '../../image/engine-stubs.ts';
import type { Rootfs } from '../../image/rootfs.ts';
import { type Arrival, assembleLayout } from '../../plan/layout.ts';
import { resolvePath } from '../../shared/file-tree.ts';
import { comparePaths, type ImagePath } from '../../shared/image-path.ts';
import type { WarningListener } from '../reporter.ts';
import type { SearchSubject } from './search-stage.ts';

const PLACEHOLDER: Reason = { kind: 'placeholder' };

/**
 * What arrives, with an empty file of the same root file system in the place of each that the app only looks up, as
 * far as the oracle sees the app behave so. An empty file needs none in the build context, and COPY gives it the
 * other's name. Sources of Python stay, since a `.pyc` holds the size and the time of its source.
 */
export async function withPlaceholders(
  { warn }: WarningListener,
  { rootfs, planned, oracle, signal }: Pick<SearchSubject, 'rootfs' | 'planned' | 'oracle' | 'signal'>,
): Promise<readonly Arrival[]> {
  const emptyFor = emptyFiles(rootfs);
  const substitutes = new Map<Arrival, Arrival>();
  for (const arrival of planned) {
    const source = isAskedAfter(arrival, rootfs) ? emptyFor(arrival.source) : undefined;
    if (source !== undefined)
      substitutes.set(arrival, { ...arrival, source, reasons: [...arrival.reasons, PLACEHOLDER] });
  }
  const using = (chosen: ReadonlySet<Arrival>) =>
    planned.map((arrival) => (chosen.has(arrival) ? (substitutes.get(arrival) ?? arrival) : arrival));
  const passes = (arrivals: readonly Arrival[]) => oracle.ask(assembleLayout(rootfs, arrivals));
  if (substitutes.size === 0) return planned;
  const all = using(new Set(substitutes.keys()));
  if (await passes(all)) return all;
  let chosen = new Set<Arrival>();
  for (const arrival of substitutes.keys()) {
    signal.throwIfAborted();
    const more = new Set([...chosen, arrival]);
    if (await passes(using(more))) chosen = more;
  }
  const read = substitutes.size - chosen.size;
  const message = `${read} of ${substitutes.size} files whose existence alone seemed to matter cannot be empty`;
  warn({ code: 'placeholder-refused', message });
  return using(chosen);
}

function isAskedAfter({ path, source, reasons }: Arrival, rootfs: Rootfs): boolean {
  const { entry } = resolvePath(rootfs, source);
  if (entry?.type !== 'file' || entry.size === 0 || path.endsWith('.py')) return false;
  const isStat = (reason: Reason) => reason.kind === 'traced' && reason.how === 'stat';
  return reasons.some(isStat) && reasons.every((reason) => isStat(reason) || reason.kind === 'search');
}

/** Which empty file can stand for a path: of the same mode and owner, and always the same one. */
function emptyFiles(rootfs: Rootfs): (path: ImagePath) => ImagePath | undefined {
  const keyOf = ({ mode, uid, gid }: { mode: number; uid: number; gid: number }) => `${mode} ${uid}:${gid}`;
  const found = new Map<string, ImagePath>();
  const empty = [...rootfs.entries()].filter(
    ([path, { type, size }]) => type === 'file' && size === 0 && !GENERATED_FILES.has(path),
  );
  for (const [path, entry] of empty.sort(([a], [b]) => a.length - b.length || comparePaths(a, b))) {
    if (!found.has(keyOf(entry))) found.set(keyOf(entry), path);
  }
  return (path) => {
    const entry = rootfs.lookup(resolvePath(rootfs, path).path);
    return entry === undefined ? undefined : found.get(keyOf(entry));
  };
}
