import type { Reason } from '../analysis/need.ts';
import type { EscapeToken } from '../dockerfile/model.ts';
import type { Layout, LayoutEntry, LayoutFile } from '../plan/layout.ts';
import { groupBy } from '../shared/group-by.ts';
import {
  ancestorsOf,
  baseName,
  comparePaths,
  type ImagePath,
  imagePath,
  parentOf,
} from '../shared/image-path.ts';
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

type Belongs = (file: Pick<LayoutFile, 'path' | 'reasons'>) => boolean;

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

/** A directory that one line copies, with the files below it. */
export type WholeDirectory = { readonly path: ImagePath; readonly files: readonly LayoutFile[] };

/** A layout as COPY lines see it. */
export type Pieces = {
  readonly directories: readonly WholeDirectory[];
  /** What is not below a whole directory. */
  readonly entries: readonly LayoutEntry[];
};

/** A layout with its whole directories apart; what arrives below a removed path comes by its name. */
export function piecesOf({ entries }: Pick<Layout, 'entries'>, removed: readonly ImagePath[] = []): Pieces {
  const below = new Map<ImagePath, LayoutFile[]>();
  const rest: LayoutEntry[] = [];
  const gone = new Set(removed);
  for (const entry of entries) if (entry.type === 'directory' && entry.isWhole) below.set(entry.path, []);
  for (const entry of entries) {
    const isRemoved =
      gone.size > 0 && [entry.path, ...ancestorsOf(entry.path)].some((path) => gone.has(path));
    if (isRemoved) {
      rest.push(entry);
      continue;
    }
    const top = [entry.path, ...ancestorsOf(entry.path)].find((path) => below.has(path));
    if (top === undefined) rest.push(entry);
    else if (entry.type === 'file') below.get(top)?.push(entry);
  }
  return { directories: [...below].map(([path, files]) => ({ path, files })), entries: rest };
}

/** The titles of blocks in the order of a file, and what each holds. */
export function groupByReason<T>(items: readonly T[], titleOf: (item: T) => string): [string, T[]][] {
  const groups = groupBy(items, titleOf);
  return ORDER.flatMap((title): [string, T[]][] => {
    const members = groups.get(title);
    return members === undefined ? [] : [[title, members]];
  });
}

/** The title of the block that a file belongs to. */
export function titleOf(file: Pick<LayoutFile, 'path' | 'reasons'>): string {
  return BLOCKS.find(([, belongs]) => belongs(file))?.[0] ?? '';
}

/** A directory belongs where most of its files do. */
function titleOfDirectory({ files }: WholeDirectory): string {
  const groups = groupByReason(files, titleOf);
  return groups.reduce(
    (most, group) => (group[1].length > most[1].length ? group : most),
    ['Data', [] as LayoutFile[]],
  )[0];
}

type BlockOptions = {
  readonly from: string;
  readonly escapeToken: EscapeToken;
  /** The stage that prunes a whole directory; null for a directory that needs none. */
  readonly prunedAs?: (directory: ImagePath) => string | null;
};

/**
 * The COPY lines of files and of whole directories, in blocks by reason; one line for the files of each directory of a
 * block, and one for each whole directory.
 */
export function blocksOf(
  {
    files,
    directories = [],
  }: { readonly files: readonly LayoutFile[]; readonly directories?: readonly WholeDirectory[] },
  { from, escapeToken, prunedAs = () => null }: BlockOptions,
): BlockView[] {
  const head = `COPY --from=${from}`;
  const pieces = [
    ...files.map((file) => ({ title: titleOf(file), file, directory: null })),
    ...directories.map((directory) => ({ title: titleOfDirectory(directory), file: null, directory })),
  ];
  return groupByReason(pieces, ({ title }) => title).map(([title, members]) => ({
    title,
    copies: [
      ...copiesOf(
        members.flatMap(({ file }) => file ?? []),
        { head, escapeToken },
      ),
      ...members.flatMap(({ directory }) =>
        directory === null
          ? []
          : copyOfDirectory(directory.path, `COPY --from=${prunedAs(directory.path) ?? from}`),
      ),
    ],
  }));
}

/**
 * No name of a whole directory has to be escaped, and its line is not wrapped: that would show the name below itself.
 */
function copyOfDirectory(path: ImagePath, head: string): CopyView {
  return { head, words: [path, path], wrapped: false };
}

/** What is copied, and where it arrives. */
export type Copying = {
  readonly source: string;
  readonly path: ImagePath;
  /** Whether it is a directory, which a separate line copies with all that is below it. */
  readonly isDirectory?: true;
};

/** The keyword with its flags, and the Dockerfile's escape character. */
export type CopyOptions = { readonly head: string; readonly escapeToken: EscapeToken };

/** COPY lines for files, one for each directory that they arrive in; a file that gets another name has its own. */
export function copiesOf(files: readonly Copying[], options: CopyOptions): CopyView[] {
  const directories = groupBy(files, ({ path }) => parentOf(path));
  return [...directories]
    .sort(([a], [b]) => comparePaths(a, b))
    .flatMap(([directory, members]) => {
      const isRenamed = ({ source, path, isDirectory }: Copying) =>
        isDirectory || baseName(imagePath(source)) !== baseName(path);
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
  const into = directory === '/' ? '/' : `${directory}/`;
  const words = copyWords(sources, only?.path ?? into, escapeToken);
  if (only?.isDirectory || !isLong([head, ...words])) return { head, words, wrapped: false };
  // a long name stands once, where it stays the same
  const isRenamed = only !== undefined && baseName(only.path) !== baseName(imagePath(only.source));
  const shorter = isRenamed ? words : copyWords(sources, into, escapeToken);
  return { head, words: shorter, wrapped: isLong([head, ...shorter]) };
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
