import { fileSource } from '../../elf/byte-source.ts';
import { isElf } from '../../elf/elf-header.ts';
import { type FileTree, resolvePath } from '../../shared/file-tree.ts';
import type { ImagePath } from '../../shared/image-path.ts';
import type { Need } from '../need.ts';
import type { StaticFindings } from '../static.ts';

const STARTS: ReadonlySet<string> = new Set(['started', 'script-interpreter', 'executed']);

/** The ELF programs that a launch starts in the end, and those that the traced app executes. */
export function programsOf(
  tree: FileTree,
  findings: readonly StaticFindings[],
  needs: readonly Need[],
): ImagePath[] {
  const started = needs.filter(({ reason }) =>
    STARTS.has(reason.kind === 'traced' ? reason.how : reason.kind),
  );
  const paths = [...findings.flatMap(({ program }) => program ?? []), ...started.map(({ path }) => path)];
  const real = new Set(paths.map((path) => resolvePath(tree, path).path));
  return [...real].filter((path) => tree.lookup(path)?.type === 'file' && isElf(fileSource(tree, path)));
}
