import { basename, join, relative, sep } from 'node:path';
import { unhide } from '../dockerfile/ignore-rules.ts';
import { readMarker } from '../dockerfile/marker.ts';
import { rootListOf } from '../dockerfile/root-list.ts';
import type { RootfsUnit } from '../entry/unit.ts';
import type { Rootfs } from '../image/rootfs.ts';
import { stagingObstacle, stagingPlace } from '../plan/staging-tools.ts';
import type { Staging } from '../render/staged-root.ts';
import { messageOf, UserError } from '../shared/failure.ts';
import type { FileKind } from '../store/limits.ts';
import { readText } from '../store/read.ts';
import type { FileChange } from './file-change.ts';

type ListUnit = Pick<RootfsUnit, 'directory' | 'dockerfile' | 'context' | 'catalogRoot'>;

/** The text of a unit's root list on disk; null where there is none. */
export async function readUnitList(unit: Omit<ListUnit, 'context'>): Promise<string | null> {
  return readOrNull(unit, rootListOf(unit.dockerfile), 'root list');
}

/**
 * The text of a unit's Dockerfile on disk.
 * @throws UserError `rootfs-missing` where it cannot be read; `refused` and `limit-exceeded` of the store.
 */
export function readUnitDockerfile(unit: Omit<ListUnit, 'context'>): string {
  const { directory, dockerfile, catalogRoot: root } = unit;
  try {
    const text = readText(join(directory, dockerfile), { root, kind: 'Dockerfile' });
    if (text !== null) return text;
    throw new Error(`there is no ${dockerfile}`);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const message = `cannot read the Dockerfile: ${messageOf(error)}`;
    throw new UserError('rootfs-missing', message, { cause: error });
  }
}

/**
 * Whether a stage of a unit can assemble its root from a list. A file of the list's name that no marker speaks of is
 * the author's.
 */
export async function stagingOf(unit: ListUnit, rootfs: Rootfs): Promise<Staging> {
  const obstacle = stagingObstacle(rootfs);
  if (obstacle !== null) return { kind: 'impossible', why: obstacle };
  const name = rootListOf(unit.dockerfile);
  const list = contextPath(unit, name);
  if (list === null) {
    return { kind: 'impossible', why: 'the Dockerfile lies outside of its build context' };
  }
  if ((await readUnitList(unit)) !== null && !(await hasOwnList(unit))) {
    return { kind: 'impossible', why: `the entry already has a ${name}` };
  }
  for (const file of ignoreFilesOf(unit)) {
    if (unhide(readOrNull(unit, file, 'ignore file') ?? '', list) !== null) continue;
    return { kind: 'impossible', why: `no line of ${file} can re-include ${name}` };
  }
  return { kind: 'possible', list, place: stagingPlace(rootfs) };
}

/**
 * What changes beside the Dockerfile: the list is written, and taken out of what an ignore file hides; or, where it is
 * null, the list that an earlier run wrote is removed.
 */
export async function listChanges(unit: ListUnit, list: string | null): Promise<FileChange[]> {
  const name = rootListOf(unit.dockerfile);
  const before = await readUnitList(unit);
  if (list === null) {
    return before !== null && (await hasOwnList(unit)) ? [{ name, before, after: null }] : [];
  }
  const changes: FileChange[] = [{ name, before, after: list }];
  for (const file of ignoreFilesOf(unit)) {
    const text = readOrNull(unit, file, 'ignore file');
    if (text === null) continue;
    changes.push({ name: file, before: text, after: unhide(text, contextPath(unit, name) ?? name) ?? text });
  }
  return changes.filter((change) => change.before !== change.after);
}

/** Changes as a build sees them: texts by their paths in the build context. */
export function contextTexts(unit: ListUnit, changes: readonly FileChange[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { name, after } of changes) {
    const path = contextPath(unit, name);
    if (path !== null && after !== null) texts.set(path, after);
  }
  return texts;
}

/** The path in the build context of a unit's root list that the tool wrote; null where there is none. */
export async function ownListPath(unit: ListUnit): Promise<string | null> {
  return (await hasOwnList(unit)) ? contextPath(unit, rootListOf(unit.dockerfile)) : null;
}

/** Whether the Dockerfile on disk is one of ours with a list. */
async function hasOwnList(unit: ListUnit): Promise<boolean> {
  const text = readOrNull(unit, unit.dockerfile, 'Dockerfile');
  return text !== null && readMarker(text)?.fields?.list != null;
}

/** The ignore files that a builder may obey, relative to the unit: the classic one knows only the context's. */
export function ignoreFilesOf({ directory, dockerfile, context }: ListUnit): string[] {
  return [`${dockerfile}.dockerignore`, relative(directory, join(context, '.dockerignore'))];
}

/** null for what lies outside of the context. */
function contextPath({ directory, context }: ListUnit, name: string): string | null {
  const path = relative(context, join(directory, name)).split(sep).join('/');
  return path.startsWith('../') ? null : path;
}

/** A text by its path from the unit; null where there is none. */
function readOrNull(
  { directory, catalogRoot: root }: Omit<ListUnit, 'context'>,
  name: string,
  kind: FileKind,
): string | null {
  try {
    return readText(join(directory, name), { root, kind });
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('build-failed', `cannot read ${basename(name)}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
