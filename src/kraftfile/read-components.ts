import { describeNode, type YamlNode } from '../shared/yaml-node.ts';
import type { Component, Runtime, Target, Volume } from './kraftfile.ts';
import { type Reading, readKeys, readPairs, readPrintable, readText, reject } from './reading.ts';

/** A kconfig: a map, or a list of `KEY=value`. Booleans are `y` and `n` (kraftkit, kconfig/config.go). */
function readKconfig(reading: Reading, node: YamlNode, what: string): ReadonlyMap<string, string> {
  const pairs = readPairs(reading, node, { what, print: printOption });
  if (reading.spec === 'v0.7' || node.kind === 'scalar') return pairs;
  const items = node.kind === 'list' ? node.items : [];
  for (const [index, item] of items.entries()) {
    if (item.kind !== 'scalar' || typeof item.value !== 'string' || /=./s.test(item.value)) continue;
    reject(reading, item.range, `${what}[${index}] must be KEY=value`);
  }
  return pairs;
}

function printOption(reading: Reading, node: YamlNode, what: string): string | null {
  if (node.kind !== 'scalar') return readPrintable(reading, node, what);
  if (typeof node.value === 'boolean') return node.value ? 'y' : 'n';
  if (node.value === null && reading.spec === 'v0.6')
    reject(reading, node.range, `${what} must have a value`);
  return readPrintable(reading, node, what);
}

const COMPONENT_KEYS = ['source', 'name', 'version', 'kconfig'] as const;
const NO_OPTIONS: ReadonlyMap<string, string> = new Map();

/**
 * The kernel, a library or a template. As one text it is a version, or a source where it looks like one (a URL, a
 * path); a template's is always its source (kraftkit, unikraft/component/component.go, parseStringProp).
 */
export function readComponent(reading: Reading, node: YamlNode, what: string): Component | null {
  if (node.kind !== 'map') {
    const text =
      node.kind === 'scalar' && node.value === null ? null : readComponentText(reading, node, what);
    if (text === null) return null;
    const isSource = what === 'template' || /^[a-z+]+:\/\/|^[./~]/.test(text);
    return { source: isSource ? text : null, version: isSource ? null : text, kconfig: NO_OPTIONS };
  }
  const keys = readKeys(reading, node, { what, keys: COMPONENT_KEYS });
  const source = keys?.source ?? keys?.name;
  return {
    source: source === undefined ? null : readText(reading, source.node, `${what}.source`),
    version: keys?.version === undefined ? null : readVersion(reading, keys.version.node, `${what}.version`),
    kconfig:
      keys?.kconfig === undefined ? NO_OPTIONS : readKconfig(reading, keys.kconfig.node, `${what}.kconfig`),
  };
}

function readComponentText(reading: Reading, node: YamlNode, what: string): string | null {
  if (node.kind === 'scalar') return readVersion(reading, node, what);
  reject(reading, node.range, `${what} must be text or a map, not ${describeNode(node)}`);
  return null;
}

/** kraft makes a text of a number in v0.6; v0.7 takes text only. */
function readVersion(reading: Reading, node: YamlNode, what: string): string | null {
  const isValue = node.kind === 'scalar' && node.value !== null;
  return reading.spec === 'v0.7' && isValue
    ? readText(reading, node, what)
    : readPrintable(reading, node, what);
}

/** v0.7 takes a text only; v0.6 also `{source, version, kconfig}`. */
export function readRuntime(reading: Reading, node: YamlNode): Runtime | null {
  if (node.kind !== 'map' || reading.spec === 'v0.7') {
    const reference = readText(reading, node, 'runtime');
    return reference === null
      ? null
      : { ...splitReference(reference), kconfig: NO_OPTIONS, range: node.range };
  }
  const component = readComponent(reading, node, 'runtime');
  if (component === null) return null;
  if (component.source === null) {
    reject(reading, node.range, 'runtime has no source');
    return null;
  }
  const split = splitReference(component.source);
  return {
    ...split,
    version: component.version ?? split.version,
    kconfig: component.kconfig,
    range: node.range,
  };
}

/** `base:latest`, `host:5000/a/base@sha256:…`, `oci://a/base`: the last name, and the tag or digest. */
function splitReference(reference: string): Pick<Runtime, 'reference' | 'name' | 'version'> {
  const path = reference.replace(/^[a-z]+:\/\//, '');
  const last = path.slice(path.lastIndexOf('/') + 1);
  const [, name = last, version] = /^([^:@]*)[:@](.*)$/s.exec(last) ?? [];
  return { reference, name, version: version === undefined || version === '' ? null : version };
}

const TARGET_KEYS = ['name', 'plat', 'platform', 'arch', 'architecture', 'kernel', 'kconfig'] as const;

/** `qemu/x86_64`, or a map; `plat: qemu/x86_64` sets both (kraftkit, unikraft/target/transform.go). */
export function readTarget(reading: Reading, node: YamlNode, what: string): Target | null {
  const range = node.range;
  if (node.kind !== 'map') {
    const text = readText(reading, node, what);
    if (text === null) return null;
    const [platform = '', architecture = ''] = cut(text, '/');
    return complete(reading, { platform, architecture, name: null, kconfig: NO_OPTIONS, range }, what);
  }
  const keys = readKeys(reading, node, { what, keys: TARGET_KEYS }) ?? {};
  const plat = keys.plat ?? keys.platform;
  const arch = keys.arch ?? keys.architecture;
  const [platform = '', fromPlatform = ''] = cut(
    plat ? (readText(reading, plat.node, `${what}.plat`) ?? '') : '',
    '/',
  );
  const architecture = arch ? (readText(reading, arch.node, `${what}.arch`) ?? '') : fromPlatform;
  const name = keys.name ? readText(reading, keys.name.node, `${what}.name`) : null;
  const kconfig = keys.kconfig ? readKconfig(reading, keys.kconfig.node, `${what}.kconfig`) : NO_OPTIONS;
  return complete(reading, { platform, architecture, name, kconfig, range }, what);
}

function complete(reading: Reading, target: Target, what: string): Target | null {
  if (target.platform !== '' && target.architecture !== '') return target;
  reject(reading, target.range, `${what} must name a platform and an architecture, as qemu/x86_64 does`);
  return null;
}

const VOLUME_KEYS = ['driver', 'source', 'destination', 'mode', 'readonly'] as const;

/** `SOURCE:DESTINATION`, in v0.7 also `:MODE`; without a colon the source is mounted at `/`. */
export function readVolume(reading: Reading, node: YamlNode, what: string): Volume | null {
  if (node.kind !== 'map') {
    const text = readText(reading, node, what);
    if (text === null) return null;
    const [source = '', destination = '/', mode = null, ...more] = text.split(':');
    if (more.length > 0 || (mode !== null && reading.spec === 'v0.6')) {
      reject(reading, node.range, `${what} must be SOURCE:DESTINATION`);
    }
    return { source, destination, driver: null, mode, readOnly: mode === 'ro' };
  }
  const keys = readKeys(reading, node, { what, keys: VOLUME_KEYS }) ?? {};
  const text = (key: 'driver' | 'source' | 'destination') =>
    keys[key] ? readText(reading, keys[key].node, `${what}.${key}`) : null;
  const mode = keys.mode ? readPrintable(reading, keys.mode.node, `${what}.mode`) : null;
  const readonly = keys.readonly?.node;
  const isBoolean = readonly?.kind === 'scalar' && typeof readonly.value === 'boolean';
  if (readonly !== undefined && !isBoolean) {
    reject(reading, readonly.range, `${what}.readonly must be true or false, not ${describeNode(readonly)}`);
  }
  const readOnly = isBoolean && readonly.value === true;
  return {
    source: text('source') ?? '',
    destination: text('destination') ?? '/',
    driver: text('driver'),
    mode,
    readOnly,
  };
}

function cut(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
