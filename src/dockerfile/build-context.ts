import { createHash } from 'node:crypto';
import { basename, dirname, join, relative, sep } from 'node:path';
import { messageOf, UserError } from '../shared/failure.ts';
import { isUtf8Name } from '../shared/file-name.ts';
import { comparePaths } from '../shared/image-path.ts';
import { pauses } from '../shared/pauses.ts';
import { isOfGit } from '../store/inside.ts';
import { showLimit } from '../store/limits.ts';
import { contentPieces, linkTarget, listDirectory, readText, statPath, statWithin } from '../store/read.ts';
import { visible } from '../words/visible.ts';
import { type IgnoreRules, readIgnoreRules } from './ignore-rules.ts';
import { isOwnFile } from './own-files.ts';

/** One path of a build context. */
export type ContextEntry = {
  /** Relative to the context, with slashes: `src/main.c`. The context's own directory is no entry. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink';
  /** Permission bits, at most `0o7777`; `0o777` for a symbolic link. */
  readonly mode: number;
  /** Bytes of a regular file, else 0. */
  readonly size: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  /** The text of a symbolic link, as stored; null for all else. */
  readonly linkTarget: string | null;
  /** Where the content of a file is read. */
  readonly hostPath: string;
  /**
   * True for the Dockerfile and `.dockerignore` where they are left out: Docker sends them all the same (the
   * engine needs them), but no COPY sees them.
   */
  readonly ignored: boolean;
};

export type BuildContext = {
  /** Sorted by bytes, parents before children. */
  readonly entries: readonly ContextEntry[];
  /** The ignore file that was obeyed, as a host path; null where there is none. */
  readonly ignoreFile: string | null;
  /** The Dockerfile's path in the context; null where it lies outside. */
  readonly dockerfile: string | null;
};

export type BuildContextOptions = {
  /** Host path of the context's directory. */
  readonly directory: string;
  /** Host path of the Dockerfile. `<Dockerfile>.dockerignore` beside it goes before the context's `.dockerignore`. */
  readonly dockerfile: string;
  /** Host path of the catalog: no link leads out of it. Default: the directory of each file that is read. */
  readonly root?: string;
  /** Texts by host path that stand for what an ignore file says on disk. */
  readonly texts?: ReadonlyMap<string, string>;
  /** A context with more entries is taken for a mistake. Default 200,000. */
  readonly maxEntries?: number;
  /** A context whose files have more bytes in all is not sent. Default 4 GiB. */
  readonly maxBytes?: number;
};

/**
 * Lists a build context: what is below a directory, less what its ignore file leaves out and what the tool itself and
 * git have put there. Links are not followed; sockets, FIFOs and devices are skipped. No content is read.
 * @throws UserError `rootfs-missing` where the directory is not there, `dockerfile-invalid` for a bad ignore file,
 * `build-failed` where something cannot be read or there are too many entries, `limit-exceeded` where they are too
 * large, `refused` for a context or an ignore file outside of the root, and for a name that is not UTF-8.
 */
export async function readBuildContext(options: BuildContextOptions): Promise<BuildContext> {
  const {
    directory,
    dockerfile,
    texts = new Map(),
    maxEntries = 200_000,
    maxBytes = 4 * 1024 ** 3,
  } = options;
  const { root = directory } = options;
  if (readable(directory, () => statWithin(directory, { root })) === null) {
    throw new UserError('rootfs-missing', `cannot read the build context ${directory}: it is not there`);
  }
  const found = firstReadable([`${dockerfile}.dockerignore`, join(directory, '.dockerignore')], options.root);
  const ignoreFile = found && { ...found, text: texts.get(found.path) ?? found.text };
  const inside = relative(directory, dockerfile).split(sep).join('/');
  const dockerfilePath = inside.startsWith('../') || inside === '..' ? null : inside;
  const walk: Walk = {
    root,
    directory,
    dockerfile: dockerfilePath,
    rules: readIgnoreRules(ignoreFile?.text ?? '', basename(ignoreFile?.path ?? '.dockerignore')),
    alwaysSent: new Set(dockerfilePath === null ? ['.dockerignore'] : ['.dockerignore', dockerfilePath]),
    maxEntries,
    maxBytes,
    bytes: 0,
    entries: [],
    pause: pauses(),
  };
  await walkDirectory(walk, '');
  return {
    entries: walk.entries.sort((a, b) => comparePaths(a.path, b.path)),
    ignoreFile: ignoreFile?.path ?? null,
    dockerfile: dockerfilePath,
  };
}

type Walk = {
  readonly root: string;
  readonly directory: string;
  readonly dockerfile: string | null;
  readonly rules: IgnoreRules;
  readonly alwaysSent: ReadonlySet<string>;
  readonly maxEntries: number;
  readonly maxBytes: number;
  /** Of the files so far. */
  bytes: number;
  readonly entries: ContextEntry[];
  /** Gives other work its turn, where this work took long enough. */
  readonly pause: () => Promise<void> | undefined;
};

/**
 * Whether anything below the directory is sent. Reads the entries in one go, with a pause for other work only now and
 * then: this takes a tenth of the time.
 */
async function walkDirectory(walk: Walk, directory: string): Promise<boolean> {
  const hostPath = join(walk.directory, directory);
  const listed = readable(hostPath, () => listDirectory(hostPath, { root: walk.root })) ?? [];
  let found = false;
  for (const { name } of listed) {
    const path = directory === '' ? name : `${directory}/${name}`;
    await walk.pause();
    if (isUtf8Name(name)) found = (await walkPath(walk, path)) || found;
    else if (!walk.rules.ignores(path)) throw notUtf8(path);
  }
  return found;
}

/** Whether the path, or anything below it, is sent. */
async function walkPath(walk: Walk, path: string): Promise<boolean> {
  if (isOwnFile(path, walk.dockerfile) || isOfGit(basename(path))) return false;
  const ignored = walk.rules.ignores(path);
  const hostPath = join(walk.directory, path);
  const stats = readable(hostPath, () => statPath(hostPath));
  if (stats === null && path.includes('\uFFFD')) throw notUtf8(path);
  if (stats === null) return false;
  if (stats.isDirectory()) {
    const holdsSent = [...walk.alwaysSent].some((sent) => sent.startsWith(`${path}/`));
    const mayHold = !ignored || holdsSent || walk.rules.mayKeepBelow(path);
    const found = mayHold && (await walkDirectory(walk, path));
    if (ignored && !found) return false;
  } else if (ignored && !walk.alwaysSent.has(path)) {
    return false;
  }
  const entry = await toEntry({ path, hostPath, stats, ignored: ignored && !stats.isDirectory() });
  if (entry === null) return false;
  if (walk.entries.length >= walk.maxEntries) throw tooMany(walk);
  walk.bytes += entry.size;
  if (walk.bytes > walk.maxBytes) throw tooLarge(walk);
  walk.entries.push(entry);
  return true;
}

/** null for a socket, a FIFO and a device. */
async function toEntry(found: {
  path: string;
  hostPath: string;
  stats: NonNullable<ReturnType<typeof statPath>>;
  ignored: boolean;
}): Promise<ContextEntry | null> {
  const { stats, ...rest } = found;
  const common = { ...rest, mode: stats.mode & 0o7777, mtime: Math.floor(stats.mtimeMs / 1000), size: 0 };
  if (stats.isFile()) return { ...common, type: 'file', size: stats.size, linkTarget: null };
  if (stats.isDirectory()) return { ...common, type: 'directory', linkTarget: null };
  if (!stats.isSymbolicLink()) return null;
  return { ...common, type: 'symlink', mode: 0o777, linkTarget: linkTarget(found.hostPath) };
}

/** What the store gives, its other failures named by the path. */
function readable<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof UserError ? error : unreadable(path, error);
  }
}

function firstReadable(paths: readonly string[], root?: string): { path: string; text: string } | null {
  for (const path of paths) {
    const text = readable(path, () => readText(path, { root: root ?? dirname(path), kind: 'ignore file' }));
    if (text !== null) return { path, text };
  }
  return null;
}

function unreadable(path: string, error: unknown): UserError {
  return new UserError('build-failed', `cannot read ${path} of the build context: ${messageOf(error)}`, {
    cause: error,
  });
}

/** Not even `lstat` of Node can be asked for it. */
function notUtf8(path: string): UserError {
  return new UserError(
    'refused',
    `cannot send ${visible(path)} of the build context: its name is not UTF-8`,
    {
      hint: 'rename it, or leave it out by a .dockerignore',
    },
  );
}

function tooMany({ directory, maxEntries }: Walk): UserError {
  return new UserError(
    'build-failed',
    `cannot send the build context ${directory}: it has more than ${maxEntries} entries`,
    { hint: 'leave out what the build does not need by a .dockerignore' },
  );
}

function tooLarge({ directory, maxBytes }: Walk): UserError {
  return new UserError(
    'limit-exceeded',
    `cannot send the build context ${directory}: its files have more than ${showLimit(maxBytes)}, the limit of a build context`,
    { hint: 'leave out what the build does not need by a .dockerignore' },
  );
}

/**
 * The SHA-256, hexadecimal, of what a build can see of a context: path, type, mode, content and link target of
 * every entry. Left out is what Docker itself levels: times (no part of its cache keys) and owners (0 in every
 * context). Filter the entries for a digest that does not change with the Dockerfile.
 */
export async function contextDigest(entries: Iterable<ContextEntry>): Promise<string> {
  const hash = createHash('sha256');
  for (const { path, type, mode, linkTarget, hostPath } of entries) {
    const content = type === 'file' ? await fileDigest(hostPath) : null;
    hash.update(`${JSON.stringify([path, type, mode, linkTarget, content])}\n`);
  }
  return hash.digest('hex');
}

async function fileDigest(hostPath: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of contentPieces(hostPath, { root: dirname(hostPath) }))
      hash.update(chunk as Uint8Array);
  } catch (error) {
    throw unreadable(hostPath, error);
  }
  return hash.digest('hex');
}
