import type { Kraftfile } from '../kraftfile/kraftfile.ts';
import type { Splice } from '../kraftfile/splice-entry.ts';
import { writeText } from '../kraftfile/write-scalar.ts';
import type { YamlEntry, YamlMap } from '../shared/yaml-node.ts';
import type { YamlSource } from '../shared/yaml-source.ts';
import { addPair, wrapValue } from './layout.ts';

/** Why the root file system of a Kraftfile cannot become erofs; null where it can. */
export function whyNoErofs({ rootfs, runtime, kconfig }: Kraftfile): string | null {
  if (rootfs.kind === 'absent') return 'it names no rootfs';
  if (rootfs.kind === 'cpio') return `its rootfs ${rootfs.path} is a finished file`;
  // a kernel of the entry reads what its kconfig names; a runtime is built with both
  if (runtime === null && ![...kconfig.keys()].some((name) => /EROFS/.test(name)))
    return 'it builds its kernel, and no kconfig option of it names erofs';
  return null;
}

/**
 * v0.6 calls the format `type` (kraftkit, unikraft/app/loader.go), v0.7 `format` (unikraft-cloud/x,
 * kraftfile/parse.go).
 */
export function formatSplices(yaml: YamlSource, root: YamlMap, { spec, rootfs }: Kraftfile): Splice[] {
  const entry = root.entries.get('rootfs');
  if (entry === undefined || rootfs.kind === 'absent') return [];
  // an erofs file, and a rootfs in that format, stay as they are
  if (rootfs.format === 'erofs' || rootfs.kind === 'erofs') return [];
  const key = spec === 'v0.6' ? 'type' : 'format';
  const { node } = entry;
  if (node.kind !== 'map')
    return wrapValue(yaml.text, entry, { key: 'source', pairs: [`${key}: erofs`], flow: root.flow });
  const present = node.entries.get(key);
  if (present === undefined) return addPair(yaml.text, node, `${key}: erofs`);
  return [valueSplice(yaml.text, present, 'erofs')];
}

/** The value of an entry as another text, in the quotes that stand there. */
export function valueSplice(text: string, { valueRange }: YamlEntry, value: string): Splice {
  return { range: valueRange, replacement: writeText(value, text.slice(valueRange.start, valueRange.end)) };
}
