import fc from 'fast-check';
import type { Rootfs } from '../../src/image/rootfs.ts';
import { resolvePath } from '../../src/shared/file-tree.ts';
import { childOf, type ImagePath, imagePath, ROOT } from '../../src/shared/image-path.ts';
import type { RootfsTable } from './rootfs.ts';

/** Names that are odd to a shell, a builder or a glob among plain ones. */
const NAMES = [
  'a',
  'b',
  'lib',
  'x.so.1',
  'etc',
  'b c',
  '[d]',
  '*?',
  '$e',
  "f'",
  '"g"',
  'h\\i',
  'k\\[l',
  '\\*',
  'é',
  '#j',
  '{{k}}',
];

const name = fc.oneof({ weight: 3, arbitrary: fc.constantFrom('a', 'b', 'lib') }, fc.constantFrom(...NAMES));
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => `/${names.join('/')}`);
const linkText = fc.oneof(
  path,
  fc.array(fc.oneof(name, fc.constant('..')), { minLength: 1, maxLength: 3 }).map((names) => names.join('/')),
);

const value = fc.oneof(
  fc.record({
    content: fc.uint8Array({ maxLength: 40 }),
    mode: fc.constantFrom(0o644, 0o755, 0o600, 0o4755),
    uid: fc.constantFrom(0, 33),
    gid: fc.constantFrom(0, 4),
    mtime: fc.constantFrom(0, 1_700_000_000),
  }),
  linkText.map((target) => `symlink ${target}`),
  fc.constantFrom('directory', 'directory 1777', 'directory 700'),
  fc.nat().map((at) => ({ hardLink: at })),
);

/** Any root file system: files, links of both sorts that may lead anywhere, directories, odd names. */
export const anyTable: fc.Arbitrary<RootfsTable> = fc
  .array(fc.tuple(path, value), { maxLength: 14 })
  .map((items) => {
    const table: Record<string, RootfsTable[string]> = {};
    const parents = new Set<string>();
    const files: string[] = [];
    for (const [at, made] of items) {
      const above = at.split('/').map((_, index, names) => names.slice(0, index).join('/'));
      const blocked = above.some((one) => one in table && !isDirectory(table[one]));
      if (at in table || blocked || (parents.has(at) && !isDirectory(made))) continue;
      for (const one of above) parents.add(one);
      if (typeof made === 'object' && 'hardLink' in made) {
        if (files.length > 0) table[at] = `link ${files[made.hardLink % files.length]}`;
        continue;
      }
      if (typeof made === 'object') files.push(at);
      table[at] = made;
    }
    return table;
  });

function isDirectory(made: unknown): boolean {
  return typeof made === 'string' && made.startsWith('directory');
}

/** Numbers that `walkBy` turns into a path. */
export const anySteps = fc.array(fc.nat(), { minLength: 1, maxLength: 4 });

/** A path as a program may name it: down from the root by the numbers, through links where they lead somewhere. */
export function walkBy(rootfs: Rootfs, steps: readonly number[]): ImagePath {
  let at: ImagePath = ROOT;
  for (const step of steps) {
    const { path: real, entry } = resolvePath(rootfs, at);
    const names = entry?.type === 'directory' ? rootfs.list(real) : [];
    if (names.length === 0) break;
    at = childOf(at, names[step % names.length] as string);
  }
  return at === ROOT ? imagePath('/nowhere') : at;
}
