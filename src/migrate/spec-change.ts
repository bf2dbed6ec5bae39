import { interpolate } from '../kraftfile/interpolate.ts';
import type { Kraftfile } from '../kraftfile/kraftfile.ts';
import { replaceValue, type Splice } from '../kraftfile/splice-entry.ts';
import { writeList, writeText } from '../kraftfile/write-scalar.ts';
import type { YamlEntry, YamlMap, YamlNode, YamlScalar } from '../shared/yaml-node.ts';
import type { YamlSource } from '../shared/yaml-source.ts';
import { insertAt } from './layout.ts';
import { valueSplice } from './rootfs-format.ts';

/** Keys that the command `unikraft` refuses, whatever the spec. */
const REFUSED = ['template', 'libraries', 'volumes'] as const;

/** Why a Kraftfile cannot become v0.7; null where it can, or is. */
export function whyNoSpec(before: Kraftfile, root: YamlMap): string | null {
  if (before.spec === 'v0.7') return null;
  const refused = REFUSED.find((key) => root.entries.has(key));
  if (refused !== undefined) return `it has ${refused}, which the command unikraft refuses`;
  if ((before.runtime?.kconfig.size ?? 0) > 0) return 'v0.7 has no kconfig of a runtime';
  const variable = textsOf(root).find(({ value }) => /\$[{a-z_]/i.test(value.replaceAll('$$', '')));
  return variable === undefined ? null : `v0.7 replaces no variables, and it has ${variable.value}`;
}

/** The differences of v0.6 and v0.7 (kraftkit, unikraft/app/loader.go; unikraft-cloud/x, kraftfile/parse.go). */
export function specSplices(yaml: YamlSource, root: YamlMap, before: Kraftfile): Splice[] {
  if (before.spec === 'v0.7') return [];
  const { text } = yaml;
  const at = (key: string) => root.entries.get(key);
  const spec = at('spec') ?? at('specification');
  const splices = [
    ...(spec === undefined ? [] : [valueSplice(text, spec, 'v0.7')]),
    ...commandSplices(yaml, at('cmd')),
    ...runtimeSplices(yaml, at('runtime'), before),
    ...rootfsSplices(yaml, at('rootfs')),
    ...(at('labels')?.node.kind === 'map' ? labelSplices(text, at('labels')?.node as YamlMap) : []),
    ...versionSplices(text, at('unikraft')),
  ];
  const taken = splices.filter(({ range }) => range.end > range.start);
  const isTaken = ({ range }: YamlNode) =>
    taken.some(({ range: other }) => other.start <= range.start && range.end <= other.end);
  return [...splices, ...dollarSplices(text, root).filter(({ range }) => !isTaken({ range } as YamlNode))];
}

/** v0.6 takes one text for one argument, v0.7 splits it like a shell. */
function commandSplices(yaml: YamlSource, entry: YamlEntry | undefined): Splice[] {
  const node = entry?.node;
  if (entry === undefined || node?.kind !== 'scalar' || typeof node.value !== 'string') return [];
  return replaceValue(yaml, entry, writeList([meantBy(node.value)]));
}

/** v0.7 takes a reference, no map. */
function runtimeSplices(yaml: YamlSource, entry: YamlEntry | undefined, { runtime }: Kraftfile): Splice[] {
  if (entry?.node.kind !== 'map' || runtime === null) return [];
  const { reference, version } = runtime;
  const last = reference.slice(reference.lastIndexOf('/') + 1);
  const whole = version === null || /[:@]/.test(last) ? reference : `${reference}:${version}`;
  return replaceValue(yaml, entry, writeText(whole, ''));
}

/**
 * `type` of v0.6 is the output, which v0.7 calls `format`. The command unikraft knows a Dockerfile by a part of its
 * name that is `Dockerfile`; any other name needs a type.
 */
function rootfsSplices({ text }: YamlSource, entry: YamlEntry | undefined): Splice[] {
  if (entry === undefined) return [];
  const { node } = entry;
  const sourceEntry = node.kind === 'map' ? node.entries.get('source') : entry;
  const type = node.kind === 'map' ? node.entries.get('type') : undefined;
  const splices: Splice[] = [];
  if (type !== undefined && type.node.kind === 'scalar') {
    splices.push({ range: type.keyRange, replacement: 'format' });
    const value = String(type.node.value);
    if (value !== value.toLowerCase()) splices.push(valueSplice(text, type, value.toLowerCase()));
  }
  const path = sourceEntry?.node.kind === 'scalar' ? String(sourceEntry.node.value) : '';
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (sourceEntry === undefined || !/dockerfile/i.test(path) || name.split('.').includes('Dockerfile'))
    return splices;
  const { valueRange } = sourceEntry;
  const [open, close] =
    sourceEntry === entry ? ['{source: {path: ', ', type: dockerfile}}'] : ['{path: ', ', type: dockerfile}'];
  return [...splices, insertAt(valueRange.start, open), insertAt(valueRange.end, close)];
}

/** The schema of v0.7 takes text alone. */
function labelSplices(text: string, labels: YamlMap): Splice[] {
  return [...labels.entries.values()].flatMap((entry): Splice[] => {
    const { node, valueRange, merged } = entry;
    if (merged || node.kind !== 'scalar' || typeof node.value === 'string') return [];
    const quoted = writeText(node.value === null ? '' : String(node.value), '"');
    if (text.slice(valueRange.start, valueRange.end) !== node.source) return [];
    return [{ range: valueRange, replacement: node.source === '' ? ` ${quoted}` : quoted }];
  });
}

/** v0.7 takes text for a version, and no number. */
function versionSplices(text: string, entry: YamlEntry | undefined): Splice[] {
  const node = entry?.node;
  const version = node?.kind === 'map' ? node.entries.get('version') : entry;
  if (version?.node.kind !== 'scalar' || typeof version.node.value !== 'number') return [];
  const { valueRange, node: value } = version;
  if (text.slice(valueRange.start, valueRange.end) !== value.source) return [];
  return [{ range: valueRange, replacement: writeText(String(value.value), '"') }];
}

/** v0.7 replaces no variables, so that a dollar is one dollar. */
function dollarSplices(text: string, root: YamlMap): Splice[] {
  return textsOf(root)
    .filter(({ value }) => value.includes('$$'))
    .map(({ value, range }) => ({
      range,
      replacement: writeText(meantBy(value), text.slice(range.start, range.end)),
    }));
}

function meantBy(text: string): string {
  return interpolate(text, {}).text;
}

type YamlText = YamlScalar & { readonly value: string };

/** Every text that is a value, each once: two aliases share theirs. */
function textsOf(root: YamlNode): YamlText[] {
  const found = new Map<number, YamlText>();
  const visit = (node: YamlNode) => {
    if (node.kind === 'scalar') {
      if (typeof node.value === 'string') found.set(node.range.start, node as YamlText);
    } else if (node.kind === 'list') node.items.forEach(visit);
    else for (const { key, node: value } of node.entries.values()) if (!key.startsWith('x-')) visit(value);
  };
  visit(root);
  return [...found.values()];
}
