import type { Reason } from '../analysis/need.ts';
import type { EscapeToken } from '../dockerfile/model.ts';
import type { LayoutFile } from '../plan/layout.ts';
import { groupBy } from '../shared/group-by.ts';
import { baseName, comparePaths, type ImagePath, imagePath, parentOf } from '../shared/image-path.ts';
import { copyWords } from './copy-words.ts';

/** One COPY instruction. */
export type CopyView = {
  /** The keyword with its flags: `COPY --from=build`. */
  readonly head: string;
  readonly words: readonly string[];
  readonly wrapped: boolean;
};
export type BlockView = { readonly title: string; readonly copies: readonly CopyView[] };

/** The longest line, as the catalog's files have it. */
const COLUMNS = 80;

/** BuildKit of Engine 20.10 fails at random on a COPY of some 50 sources and more. */
const MAX_SOURCES = 40;

type Belongs = (file: LayoutFile) => boolean;

/** The blocks in the order of the file; a path belongs to the first that takes it. */
const BLOCKS: readonly (readonly [title: string, belongs: Belongs])[] = [
  ['Placeholders', has('placeholder')],
  ['Files from the build context', has('build-context')],
  ['Executable', has('started')],
  ['Dynamic linker', has('interpreter')],
  ['Dynamic linker cache', ({ path }) => path === '/etc/ld.so.cache'],
  ['Libraries', has('elf-needed')],
  ['Libraries loaded at run time', ({ path }) => /\.so(\.[\w.]+)?$/.test(path)],
  ['Interpreter', has('script-interpreter')],
  ['Programs run by the executable', traced('executed')],
  ['Configuration', ({ path }) => path.startsWith('/etc/')],
  ['Data', () => true],
];

/** Titles in the order in which a reader of the Dockerfile wants them. */
const ORDER = [
  'Executable',
  'Interpreter',
  'Programs run by the executable',
  'Libraries',
  'Libraries loaded at run time',
  'Dynamic linker',
  'Dynamic linker cache',
  'Configuration',
  'Data',
  'Placeholders',
  'Files from the build context',
];

/** The COPY lines of a layout's files, in blocks by reason; one line for each directory of a block. */
export function blocksOf(
  files: readonly LayoutFile[],
  { from, escapeToken }: { readonly from: string; readonly escapeToken: EscapeToken },
): BlockView[] {
  const blocks = groupBy(files, (file) => BLOCKS.find(([, belongs]) => belongs(file))?.[0] ?? '');
  return ORDER.flatMap((title) => {
    const members = blocks.get(title);
    return members === undefined
      ? []
      : [{ title, copies: copiesOf(members, { head: `COPY --from=${from}`, escapeToken }) }];
  });
}

/** What is copied, and where it arrives. */
export type Copying = { readonly source: string; readonly path: ImagePath };

/** The keyword with its flags, and the Dockerfile's escape character. */
export type CopyOptions = { readonly head: string; readonly escapeToken: EscapeToken };

/** COPY lines for files, one for each directory that they arrive in; a file that gets another name has its own. */
export function copiesOf(files: readonly Copying[], options: CopyOptions): CopyView[] {
  const directories = groupBy(files, ({ path }) => parentOf(path));
  return [...directories]
    .sort(([a], [b]) => comparePaths(a, b))
    .flatMap(([directory, members]) => {
      const isRenamed = ({ source, path }: Copying) => baseName(imagePath(source)) !== baseName(path);
      const renamed = members.filter(isRenamed).map((member) => [member]);
      const others = chunks(
        members.filter((member) => !isRenamed(member)),
        MAX_SOURCES,
      );
      return [...others, ...renamed].map((chunk) => copyOf(chunk, directory, options));
    });
}

function copyOf(
  files: readonly Copying[],
  directory: ImagePath,
  { head, escapeToken }: CopyOptions,
): CopyView {
  const sources = files.map(({ source }) => source).sort(comparePaths);
  const [only] = files.length === 1 ? files : [];
  const destination = only?.path ?? (directory === '/' ? '/' : `${directory}/`);
  const words = copyWords(sources, destination, escapeToken);
  return { head, words, wrapped: isLong([head, ...words]) };
}

/** Whether a line of these words is longer than the catalog's files have them. */
export function isLong(words: readonly string[]): boolean {
  return words.join(' ').length > COLUMNS;
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
    items.slice(at * size, (at + 1) * size),
  );
}

function has(kind: Reason['kind']): Belongs {
  return ({ reasons }) => reasons.some((reason) => reason.kind === kind);
}

function traced(how: Extract<Reason, { kind: 'traced' }>['how']): Belongs {
  return ({ reasons }) => reasons.some((reason) => reason.kind === 'traced' && reason.how === how);
}
