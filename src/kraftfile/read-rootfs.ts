import { posix } from 'node:path';
import { describeNode, type YamlEntry, type YamlNode } from '../shared/yaml-node.ts';
import type { RootfsKind, RootfsReference } from './kraftfile.ts';
import { type Reading, readKeys, readText, reject, warn } from './reading.ts';

type PresentKind = Exclude<RootfsKind, 'absent'>;

/**
 * What a path or reference is by its name, in kraft's order (kraftkit, initrd/detect.go): a name that contains
 * "dockerfile" in any case (`Containerfile` does not), a tarball, a cpio or erofs file, a directory, an OCI
 * reference. kraft looks at the disk for all but the first; here a name with no known ending is a directory where it
 * looks like a path, and an OCI reference where it has a tag, a digest or a scheme.
 */
export function rootfsKindOf(path: string): PresentKind {
  if (/dockerfile/i.test(path)) return 'dockerfile';
  if (/^oci:\/\//.test(path)) return 'oci';
  if (/\.(tar|tgz|tar\.[a-z0-9]+)$/i.test(path)) return 'archive';
  if (/\.(cpio|cpio\.gz|initrd|initramfs)$/i.test(path)) return 'cpio';
  if (/\.erofs$/i.test(path)) return 'erofs';
  if (/^[./~]/.test(path)) return 'directory';
  return /^[a-z0-9][a-z0-9._/-]*(:[0-9]+\/[a-z0-9._/-]+)?(:[\w.-]+|@sha256:[0-9a-f]+)$/i.test(path)
    ? 'oci'
    : 'directory';
}

/** The source types of v0.7 (unikraft-cloud/x, kraftfile/spec.go). A `file` is an image already made. */
const SOURCE_TYPES: Readonly<Record<string, PresentKind | 'by-name'>> = {
  oci: 'oci',
  dir: 'directory',
  file: 'by-name',
  tarball: 'archive',
  cpio: 'cpio',
  erofs: 'erofs',
  dockerfile: 'dockerfile',
};

/** A `rootfs`, or one of `roms`: a text, or the object form of the spec. */
export function readRootfs(reading: Reading, node: YamlNode, what: string): RootfsReference {
  if (node.kind === 'scalar') return readPath(reading, node, what);
  if (node.kind === 'map')
    return reading.spec === 'v0.6' ? readV06(reading, node, what) : readV07(reading, node, what);
  reject(reading, node.range, `${what} must be text or a map, not ${describeNode(node)}`);
  return { kind: 'absent' };
}

function readPath(reading: Reading, node: YamlNode, what: string): RootfsReference {
  const path = readText(reading, node, what);
  if (path === null || !checkPath(reading, node, path, what)) return { kind: 'absent' };
  return { kind: rootfsKindOf(path), path, context: null, format: null, range: node.range };
}

function checkPath(reading: Reading, node: YamlNode, path: string, what: string): boolean {
  if (path.trim() === '') reject(reading, node.range, `${what} must not be empty`);
  else if (path.includes('\n'))
    reject(reading, node.range, `${what} must name a file: a Dockerfile cannot stand in the Kraftfile`);
  else return true;
  return false;
}

/** v0.6: `{source, type}`, where `type` is what kraft makes of it, cpio or erofs (kraftkit, unikraft/app/loader.go). */
function readV06(reading: Reading, node: YamlNode, what: string): RootfsReference {
  const keys = readKeys(reading, node, { what, keys: ['source', 'type'] }) ?? {};
  const format = readFormat(reading, keys.type, `${what}.type`);
  if (keys.source === undefined) {
    reject(reading, node.range, `${what} has no source`);
    return { kind: 'absent' };
  }
  if (keys.source.node.kind === 'map') {
    reject(reading, keys.source.node.range, `${what}.source as a map needs spec: v0.7`);
    return { kind: 'absent' };
  }
  const rootfs = readPath(reading, keys.source.node, `${what}.source`);
  return rootfs.kind === 'absent' ? rootfs : { ...rootfs, format };
}

function readFormat(reading: Reading, entry: YamlEntry | undefined, what: string): 'cpio' | 'erofs' | null {
  if (entry === undefined) return null;
  const text = readText(reading, entry.node, what);
  const format = reading.spec === 'v0.6' ? text?.toLowerCase() : text;
  if (format === 'cpio' || format === 'erofs') return format;
  if (text !== null) reject(reading, entry.node.range, `${what} must be cpio or erofs, not ${text}`);
  return null;
}

/**
 * v0.7: `{source: {path, type, dockerfile}, format}`; still taken is `source` as a text with `type` beside it. There
 * `type` is the kind of the source, not the output as in v0.6 (unikraft-cloud/x, kraftfile/parse.go).
 */
function readV07(reading: Reading, node: YamlNode, what: string): RootfsReference {
  const keys = readKeys(reading, node, { what, keys: ['source', 'format', 'type'] }) ?? {};
  const format = readFormat(reading, keys.format, `${what}.format`);
  const { source, type } = keys;
  if (source === undefined) {
    reject(reading, node.range, `${what} has no source`);
    return { kind: 'absent' };
  }
  if (source.node.kind === 'map') {
    if (type !== undefined) reject(reading, type.keyRange, `${what}.type belongs into ${what}.source`);
    return readV07Source(reading, source.node, { what: `${what}.source`, format });
  }
  if (type !== undefined) {
    const message = `${what}.type beside a text is the old form: write source: {path, type}`;
    warn(reading, 'kraftfile-old-form', type.keyRange, message);
  }
  const kind = readSourceType(reading, type, `${what}.type`);
  const rootfs = readPath(reading, source.node, `${what}.source`);
  if (rootfs.kind === 'absent') return rootfs;
  return { ...rootfs, ...withKind(rootfs.path, kind), format };
}

function readV07Source(
  reading: Reading,
  node: YamlNode,
  options: { readonly what: string; readonly format: 'cpio' | 'erofs' | null },
): RootfsReference {
  const { what, format } = options;
  const keys = readKeys(reading, node, { what, keys: ['path', 'type', 'dockerfile'] }) ?? {};
  const kind = readSourceType(reading, keys.type, `${what}.type`);
  const path = keys.path ? readPath(reading, keys.path.node, `${what}.path`) : null;
  if (keys.dockerfile) {
    const dockerfile = readPath(reading, keys.dockerfile.node, `${what}.dockerfile`);
    if (keys.type && kind !== null && kind !== 'dockerfile') {
      reject(reading, keys.type.node.range, `${what}.type must be dockerfile where a dockerfile is named`);
    }
    if (dockerfile.kind === 'absent') return dockerfile;
    const context = path === null || path.kind === 'absent' ? null : path.path;
    return { ...dockerfile, kind: 'dockerfile', context, format };
  }
  if (path === null) reject(reading, node.range, `${what} has no path`);
  if (path === null || path.kind === 'absent') return { kind: 'absent' };
  return { ...path, ...withKind(path.path, kind), format };
}

function readSourceType(
  reading: Reading,
  entry: YamlEntry | undefined,
  what: string,
): PresentKind | 'by-name' | null {
  const text = entry === undefined ? null : readText(reading, entry.node, what);
  if (entry === undefined || text === null) return null;
  const kind = Object.hasOwn(SOURCE_TYPES, text) ? SOURCE_TYPES[text] : undefined;
  if (kind !== undefined) return kind;
  reject(
    reading,
    entry.node.range,
    `${what} must be one of ${Object.keys(SOURCE_TYPES).join(', ')}, not ${text}`,
  );
  return null;
}

/**
 * A declared type overrides the name. A path of type dockerfile that names no Dockerfile is the build context, and the
 * Dockerfile lies in it.
 */
function withKind(
  path: string,
  kind: PresentKind | 'by-name' | null,
): { kind: PresentKind; path: string; context: string | null } {
  const byName = rootfsKindOf(path);
  if (kind === 'dockerfile' && byName !== 'dockerfile') {
    return { kind, path: posix.join(path, 'Dockerfile'), context: path };
  }
  if (kind === 'by-name') return { kind: byName === 'directory' ? 'cpio' : byName, path, context: null };
  return { kind: kind ?? byName, path, context: null };
}
