import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { RootfsTable } from '../../support/rootfs.ts';
import type { WorldConfig } from '../build.ts';

/** One path of a recorded tree: type, mode, uid, gid, size, time, and where a link leads. */
export type RecordedPath = readonly [
  type: string,
  mode: number,
  uid: number,
  gid: number,
  size: number,
  mtime: number,
  target: string | null,
];

/** Ranges of a file that the tool has read: the place, and the bytes in base64. All else of it decides nothing. */
export type RecordedContent = readonly (readonly [offset: number, bytes: string])[];

/** A tree as it differs from the base image's. */
export type RecordedTree = {
  readonly paths: Readonly<Record<string, RecordedPath | null>>;
  readonly contents: Readonly<Record<string, RecordedContent>>;
  readonly config: WorldConfig;
};

/** How a program behaved, by its command line. */
export type RecordedRun = {
  readonly argv: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  /** The log of strace; null where it was never traced. */
  readonly trace: string | null;
};

/** One real run of the tool over an entry. */
export type RecordedEntry = {
  readonly entry: string;
  /** Stages as built, by `stageKey`. */
  readonly stages: Readonly<Record<string, RecordedTree>>;
  readonly runs: readonly RecordedRun[];
  /** Files of the real result, with which the programs were seen to behave. */
  readonly kept: readonly string[];
  /** What was written; null for what was removed. */
  readonly written: Readonly<Record<string, string | null>>;
  readonly warnings: readonly string[];
};

export type Recording = {
  /** The image that all entries build on, and its whole tree. */
  readonly base: { readonly reference: string } & RecordedTree;
  readonly entries: readonly RecordedEntry[];
};

const FILE = join(import.meta.dirname, 'runs.json.gz');

export function readRecording(): Recording {
  return JSON.parse(gunzipSync(readFileSync(FILE)).toString()) as Recording;
}

export function writeRecording(recording: Recording): void {
  writeFileSync(FILE, gzipSync(JSON.stringify(recording), { level: 9 }));
}

/** A recorded tree as a table; a file has only the bytes that were read, and one byte where none was. */
export function tableOf(tree: RecordedTree, base?: RecordedTree): RootfsTable {
  const paths = { ...base?.paths, ...tree.paths };
  const contents = { ...base?.contents, ...tree.contents };
  const table: Record<string, RootfsTable[string]> = {};
  const hardLinks: [string, string][] = [];
  for (const [path, recorded] of Object.entries(paths)) {
    if (recorded === null) continue;
    const [type, mode, uid, gid, size, mtime, target] = recorded;
    if (type === 'directory') table[path] = `directory ${mode.toString(8)}`;
    else if (type === 'symlink') table[path] = `symlink ${target}`;
    else if (type === 'link') hardLinks.push([path, target ?? '']);
    else if (type === 'file') table[path] = { content: bytesOf(contents[path], size), mode, uid, gid, mtime };
    else throw new Error(`a recorded tree has a ${type} at ${path}`);
  }
  for (const [path, target] of hardLinks) table[path] = `link ${target}`;
  return table;
}

function bytesOf(content: RecordedContent | undefined, size: number): Buffer {
  if (size === 0) return Buffer.alloc(0);
  const ranges = (content ?? []).map(([offset, bytes]) => ({ offset, bytes: Buffer.from(bytes, 'base64') }));
  const end = Math.max(1, ...ranges.map(({ offset, bytes }) => offset + bytes.length));
  const whole = Buffer.alloc(end);
  for (const { offset, bytes } of ranges) bytes.copy(whole, offset);
  return whole;
}
