import { resolvePath } from '../../shared/file-tree.ts';
import { type ImagePath, imagePath, parentOf } from '../../shared/image-path.ts';
import { forNft, insideTree, type NodeSubject, subjects, TOP } from './nft-stand-ins.ts';

/** Node 20.19 and 22.12 know `module-sync`; older ones take the fallback, which `moduleSyncCatchall` adds. */
const CONDITIONS = ['node', 'module-sync'];

/**
 * The files that Node.js loads for these modules: what nft finds by reading their sources, and those of what they
 * import, in the tree. Nothing of the host is read, and nothing is run. A source that nft cannot cope with yields none.
 * It may take any time: see `nodeFiles`.
 */
export async function traceNodeFiles(
  subject: NodeSubject,
  entries: readonly ImagePath[],
): Promise<ImagePath[]> {
  const { loadNft } = await import('./load-nft.ts');
  const { nodeFileTrace, resolve } = loadNft();
  const { tree } = subject;
  const tracing = subjects.run(subject, () =>
    nodeFileTrace(entries.map(forNft), {
      base: TOP,
      processCwd: TOP,
      conditions: CONDITIONS,
      moduleSyncCatchall: true,
      readFile: async (path) => readIn(subject, path),
      stat: async (path) => statIn(subject, path),
      readlink: async (path) => linkIn(subject, path),
      resolve: async (id, parent, job, isCommonJs) =>
        await resolve(
          id.startsWith('/') && insideTree(id) === undefined ? `${TOP}${id}` : id,
          parent,
          job,
          isCommonJs,
        ),
    }),
  );
  const { fileList } = await tracing.catch(() => ({ fileList: new Set<string>() }));
  return [...fileList]
    .map((path) => imagePath(path))
    .filter((path) => resolvePath(tree, path).entry !== undefined);
}

function readIn({ tree }: NodeSubject, path: string): Buffer | null {
  const inside = insideTree(path);
  const found = inside === undefined ? undefined : resolvePath(tree, inside);
  return found?.entry?.type === 'file' ? Buffer.from(tree.read(found.path)) : null;
}

function linkIn({ tree }: NodeSubject, path: string): string | null {
  const inside = insideTree(path);
  if (inside === undefined) return null;
  const { path: place, entry } = resolvePath(tree, inside, { followLast: false });
  return entry?.linkTarget == null ? null : forNft(imagePath(entry.linkTarget, parentOf(place)));
}

type Stats = Awaited<ReturnType<NonNullable<import('@vercel/nft').NodeFileTraceOptions['stat']>>>;

/** nft asks only whether a path is a file or a directory. */
function statIn({ tree }: NodeSubject, path: string): Stats {
  const inside = insideTree(path);
  const entry = inside === undefined ? undefined : resolvePath(tree, inside).entry;
  if (entry === undefined) return null;
  return {
    isFile: () => entry.type === 'file',
    isDirectory: () => entry.type === 'directory',
  } as Stats;
}
