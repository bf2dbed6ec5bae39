import { type BaseConfig, type ExpandedCopy, expandStage } from '../../src/dockerfile/expand-stage.ts';
import {
  type CopyInstruction,
  type Dockerfile,
  finalStage,
  flagOf,
  isCopy,
  type RunInstruction,
  type Stage,
} from '../../src/dockerfile/model.ts';
import { type FileTree, resolvePath, type TreeEntry, walk } from '../../src/shared/file-tree.ts';
import {
  ancestorsOf,
  baseName,
  childOf,
  type ImagePath,
  imagePath,
  ROOT,
} from '../../src/shared/image-path.ts';
import type { RootfsTable } from './rootfs.ts';

/** What the model cannot build, and an engine would not either. */
export class ModelError extends Error {}

/** A tree that lines copy from, with what they carry over. */
export type ModelSource = Omit<FileTree, 'lookup'> & {
  lookup(
    path: ImagePath,
  ): (TreeEntry & { readonly uid: number; readonly gid: number; readonly mtime: number }) | undefined;
};

/** Which line copied a path: its place among the stage's instructions, the source's place in it, and what it read. */
export type ModelOrigin = {
  readonly instruction: CopyInstruction;
  readonly source: number;
  readonly origin: ImagePath;
};

export type ModelStage = {
  readonly table: RootfsTable;
  readonly origins: ReadonlyMap<ImagePath, ModelOrigin>;
};

/** What a stage begins with beside scratch, and what its RUN lines do to the table; without it they do nothing. */
export type ModelBase = {
  readonly table: RootfsTable;
  readonly baseConfig: (image: string) => BaseConfig | undefined;
  readonly run: (instruction: RunInstruction, table: RootfsTable) => RootfsTable;
};

/**
 * What a stage of COPY and WORKDIR lines over scratch gives: a second reading of COPY's rules (test/engine/copy-table, fsutil's
 * copy), which knows nothing of the one in src/. Each line is carried out in turn, as an engine does it.
 */
export function modelStage(
  dockerfile: Dockerfile,
  treeOf: (instruction: CopyInstruction) => ModelSource,
  { stage = finalStage(dockerfile), base }: { readonly stage?: Stage; readonly base?: ModelBase } = {},
): ModelStage {
  const made = new MadeTree(base?.table);
  const { instructions, workdir: last } = expandStage(dockerfile, stage, base);
  for (const [at, { instruction, copy }] of instructions.entries()) {
    if (instruction.keyword === 'WORKDIR') made.makeDirectory(instructions[at + 1]?.workdir ?? last);
    if (copy !== null && isCopy(instruction)) carryOut(made, { instruction, copy, treeOf });
    if (instruction.keyword === 'RUN' && base !== undefined) made.table = base.run(instruction, made.table);
  }
  return made;
}

type Value = RootfsTable[string];

const typeOf = (value: Value): TreeEntry['type'] =>
  typeof value !== 'string' || value.startsWith('link ')
    ? 'file'
    : value.startsWith('symlink ')
      ? 'symlink'
      : 'directory';

/** A root file system that is being made. */
class MadeTree implements ModelStage {
  table: Record<string, Value>;
  readonly origins = new Map<ImagePath, ModelOrigin>();

  constructor(table: RootfsTable = {}) {
    this.table = { ...table };
  }

  resolve(path: ImagePath, followLast = true) {
    const tree: FileTree = {
      lookup: (at) => {
        const value = this.table[at];
        if (value === undefined) return undefined;
        const type = typeOf(value);
        const linkTarget = type === 'symlink' ? (value as string).slice('symlink '.length) : null;
        return { type, linkTarget, size: 0, mode: 0 };
      },
      list: () => [],
      read: () => new Uint8Array(),
    };
    return resolvePath(tree, path, { followLast });
  }

  /** Makes a directory with those above it, through links; gives its own path. */
  makeDirectory(path: ImagePath): ImagePath {
    let at = ROOT;
    for (const step of [...ancestorsOf(path).reverse(), path].filter((one) => one !== ROOT)) {
      const found = this.resolve(childOf(at, baseName(step)));
      if (found.entry === undefined && found.path === childOf(at, baseName(step)) && found.links.length === 0)
        this.table[found.path] = 'directory';
      else if (found.entry?.type !== 'directory') throw new ModelError(`${step} is no directory`);
      at = found.path;
    }
    return at;
  }

  put(path: ImagePath, value: Value, origin: ModelOrigin): void {
    const there = this.table[path];
    if (there !== undefined && (typeOf(there) === 'directory') !== (typeOf(value) === 'directory'))
      throw new ModelError(`${path} is a directory and a file`);
    this.table[path] = value;
    this.origins.set(path, origin);
  }
}

type Step = {
  readonly instruction: CopyInstruction;
  readonly copy: ExpandedCopy;
  readonly treeOf: (instruction: CopyInstruction) => ModelSource;
};

function carryOut(made: MadeTree, { instruction, copy, treeOf }: Step): void {
  const tree = treeOf(instruction);
  for (const [source, word] of copy.sources.entries()) {
    const named = namedBy(word, tree);
    for (const path of named) copyPath(made, path, { tree, copy, instruction, source });
  }
  for (const [at, { name, content }] of copy.inline.entries()) {
    const source = copy.sources.length + at;
    putFile(made, name, { content }, { copy, origin: { instruction, source, origin: ROOT } });
  }
}

/** The paths that a source names; a pattern that matches nothing copies nothing, says BuildKit. */
function namedBy(word: string, tree: ModelSource): ImagePath[] {
  const parts = word.split('/').filter((part) => part !== '' && part !== '.');
  const isPattern = (part: string) => /^(?:[^\\*?[]|\\[\s\S])*[*?[]/.test(part);
  const first = parts.findIndex(isPattern);
  if (first < 0) return [imagePath(parts.join('/'))];
  const prefix = imagePath(parts.slice(0, first).join('/'));
  const { path: directory, entry } = resolvePath(tree, prefix);
  if (entry?.type !== 'directory') return [];
  return matchBelow(tree, directory, parts.slice(first)).map((below) => imagePath(`${prefix}/${below}`));
}

/** Names below a directory that match name by name; no link is followed between them. */
function matchBelow(
  tree: ModelSource,
  directory: ImagePath,
  [pattern, ...rest]: readonly string[],
): string[] {
  const expression = expressionOf(pattern ?? '');
  const names = tree.list(directory).filter((name) => expression.test(name));
  if (rest.length === 0) return names;
  return names.flatMap((name) =>
    tree.lookup(childOf(directory, name))?.type === 'directory'
      ? matchBelow(tree, childOf(directory, name), rest).map((below) => `${name}/${below}`)
      : [],
  );
}

/** The patterns of the generated cases: `*`, `?`, a class of one character, and escapes. */
function expressionOf(pattern: string): RegExp {
  const tokens = pattern.match(/\\[\s\S]|\[(?:\\[\s\S]|[^\]])\]|[\s\S]/gu) ?? [];
  const quote = (char: string) => char.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  const parts = tokens.map((token) => {
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (token.startsWith('[') && token.length > 1) return quote(token.slice(1, -1).replace(/^\\/, ''));
    return quote(token.startsWith('\\') ? token.slice(1) : token);
  });
  return new RegExp(`^${parts.join('')}$`, 'su');
}

type Copied = {
  readonly tree: ModelSource;
  readonly copy: ExpandedCopy;
  readonly instruction: CopyInstruction;
  readonly source: number;
};

function copyPath(made: MadeTree, named: ImagePath, copied: Copied): void {
  const { tree, copy, instruction, source } = copied;
  const { path: real, entry } = resolvePath(tree, named);
  if (entry === undefined) throw new ModelError(`there is no ${named}`);
  const originOf = (origin: ImagePath) => ({ instruction, source, origin });
  if (entry.type !== 'directory') {
    const value = valueAt(tree, real, instruction);
    putFile(made, baseName(named), value, { copy, origin: originOf(named) });
    return;
  }
  const target = made.makeDirectory(copy.destination);
  if (target !== ROOT) made.origins.set(target, originOf(named));
  for (const [path] of walk(tree, real)) {
    const below = path.slice(real === ROOT ? 0 : real.length);
    const place = imagePath(`${target}/${below}`);
    // what is there may be a link: a directory that is copied onto one is no case for the model
    const there = made.resolve(place, false).entry?.type;
    if (there === 'symlink' && tree.lookup(path)?.type === 'directory')
      throw new ModelError(`${place} is a link`);
    made.put(place, valueAt(tree, path, instruction), originOf(imagePath(`${named}${below}`)));
  }
}

function putFile(
  made: MadeTree,
  name: string,
  value: Value,
  { copy, origin }: { copy: ExpandedCopy; origin: ModelOrigin },
): void {
  const { destination, intoDirectory } = copy;
  const isInside = intoDirectory || made.resolve(destination).entry?.type === 'directory';
  const parent = made.makeDirectory(isInside ? destination : imagePath(`${destination}/..`));
  const place = childOf(parent, isInside ? name : baseName(destination));
  // what a link at the end becomes differs between builders
  if (made.resolve(place, false).entry?.type === 'symlink') throw new ModelError(`${place} is a link`);
  made.put(place, value, origin);
}

/** A path of a tree as a table has it, with what the flags make of it. */
function valueAt(tree: ModelSource, path: ImagePath, instruction: CopyInstruction): Value {
  const found = tree.lookup(path);
  if (found === undefined) throw new ModelError(`there is no ${path}`);
  if (found.type === 'symlink') return `symlink ${found.linkTarget}`;
  if (found.type === 'directory') return `directory ${found.mode.toString(8)}`;
  const chmod = flagOf(instruction, 'chmod');
  // BuildKit sets the permissions alone, and leaves setuid, setgid and sticky
  const mode = chmod === undefined ? found.mode : (found.mode & 0o7000) | Number.parseInt(chmod, 8);
  const [uid = found.uid, gid = uid] = flagOf(instruction, 'chown')?.split(':').map(Number) ?? [
    found.uid,
    found.gid,
  ];
  return { content: tree.read(path), mode, uid, gid, mtime: found.mtime };
}
