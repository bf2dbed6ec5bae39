import { createHash } from 'node:crypto';
import { createReadStream, lstatSync, type Stats } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { isNotFound, messageOf, UserError } from '../shared/failure.ts';
import { decodeName, isUtf8Name } from '../shared/file-name.ts';
import { comparePaths } from '../shared/image-path.ts';
import { visible } from '../words/visible.ts';
import { type IgnoreRules, readIgnoreRules } from './ignore-rules.ts';
import { isOwnFile } from './own-files.ts';

/** One path of a build context. */
export type ContextEntry = {
  /** Relative to the context, with slashes: `src/main.c`. The context's own directory is no entry. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink';
  /** Permission bits, `0o7777` at the most; `0o777` for a symbolic link. */
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
  /** Texts by host path that stand for what an ignore file says on disk. */
  readonly texts?: ReadonlyMap<string, string>;
  /** A context with more entries is taken for a mistake. Default 200,000. */
  readonly maxEntries?: number;
};

/**
 * Lists a build context: what is below a directory, less what its ignore file leaves out and what the tool itself
 * has put there. Links are not followed; sockets, FIFOs and devices are skipped. No content is read.
 * @throws UserError `rootfs-missing` where the directory is not there, `dockerfile-invalid` for a bad ignore
 * file, `refused` for a name that is not UTF-8, `build-failed` where something cannot be read or there are too many entries.
 */
export async function readBuildContext(options: BuildContextOptions): Promise<BuildContext> {
  const { directory, dockerfile, texts = new Map(), maxEntries = 200_000 } = options;
  const stats = lstatOrNull(directory);
  if (stats === null) {
    throw new UserError('rootfs-missing', `cannot read the build context ${directory}: it is not there`);
  }
  const found = await firstReadable([`${dockerfile}.dockerignore`, join(directory, '.dockerignore')]);
  const ignoreFile = found && { ...found, text: texts.get(found.path) ?? found.text };
  const inside = relative(directory, dockerfile).split(sep).join('/');
  const dockerfilePath = inside.startsWith('../') || inside === '..' ? null : inside;
  const walk: Walk = {
    directory,
    dockerfile: dockerfilePath,
    rules: readIgnoreRules(ignoreFile?.text ?? '', basename(ignoreFile?.path ?? '.dockerignore')),
    alwaysSent: new Set(dockerfilePath === null ? ['.dockerignore'] : ['.dockerignore', dockerfilePath]),
    maxEntries,
    entries: [],
  };
  await walkDirectory(walk, '');
  return {
    entries: walk.entries.sort((a, b) => comparePaths(a.path, b.path)),
    ignoreFile: ignoreFile?.path ?? null,
    dockerfile: dockerfilePath,
  };
}

type Walk = {
  readonly directory: string;
  readonly dockerfile: string | null;
  readonly rules: IgnoreRules;
  readonly alwaysSent: ReadonlySet<string>;
  readonly maxEntries: number;
  readonly entries: ContextEntry[];
};

/** Whether anything below the directory is sent. Its entries are looked at without giving way, which takes a tenth of the time. */
async function walkDirectory(walk: Walk, directory: string): Promise<boolean> {
  const hostPath = join(walk.directory, directory);
  const names = await readdir(hostPath, { encoding: 'buffer' }).catch((error: unknown) => {
    throw unreadable(hostPath, error);
  });
  let found = false;
  for (const bytes of names) {
    const name = decodeName(bytes);
    const path = directory === '' ? name : `${directory}/${name}`;
    if (isUtf8Name(name)) found = (await walkPath(walk, path)) || found;
    else if (!walk.rules.ignores(path)) throw notUtf8(path);
  }
  return found;
}

/** Whether the path, or anything below it, is sent. */
async function walkPath(walk: Walk, path: string): Promise<boolean> {
  if (isOwnFile(path, walk.dockerfile)) return false;
  const ignored = walk.rules.ignores(path);
  const hostPath = join(walk.directory, path);
  const stats = lstatOrNull(hostPath);
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
  walk.entries.push(entry);
  return true;
}

/** null for a socket, a FIFO and a device. */
async function toEntry(found: {
  path: string;
  hostPath: string;
  stats: Stats;
  ignored: boolean;
}): Promise<ContextEntry | null> {
  const { stats, ...rest } = found;
  const common = { ...rest, mode: stats.mode & 0o7777, mtime: Math.floor(stats.mtimeMs / 1000), size: 0 };
  if (stats.isFile()) return { ...common, type: 'file', size: stats.size, linkTarget: null };
  if (stats.isDirectory()) return { ...common, type: 'directory', linkTarget: null };
  if (!stats.isSymbolicLink()) return null;
  return { ...common, type: 'symlink', mode: 0o777, linkTarget: await readlink(found.hostPath) };
}

function lstatOrNull(path: string): Stats | null {
  try {
    return lstatSync(path);
  } catch (error) {
    if (isNotFound(error)) return null;
    throw unreadable(path, error);
  }
}

async function firstReadable(paths: readonly string[]): Promise<{ path: string; text: string } | null> {
  for (const path of paths) {
    try {
      return { path, text: await readFile(path, 'utf8') };
    } catch (error) {
      if (!isNotFound(error)) throw unreadable(path, error);
    }
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
    for await (const chunk of createReadStream(hostPath)) hash.update(chunk as Uint8Array);
  } catch (error) {
    throw unreadable(hostPath, error);
  }
  return hash.digest('hex');
}
