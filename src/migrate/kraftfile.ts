import type { Kraftfile, RootfsReference, Target } from '../kraftfile/kraftfile.ts';
import { readKraftfile } from '../kraftfile/read-kraftfile.ts';
import { applySplices, type Splice } from '../kraftfile/splice-entry.ts';
import { MistakesError, type SourceFile } from '../shared/diagnostic.ts';
import { plainValue, type YamlMap } from '../shared/yaml-node.ts';
import { parseYaml } from '../shared/yaml-source.ts';
import type { Form, Migrated } from './form.ts';
import { formatSplices, whyNoErofs } from './rootfs-format.ts';
import { specSplices, whyNoSpec } from './spec-change.ts';

/**
 * A Kraftfile in another form. Only what differs between the forms changes; comments and layout stay. The new text is
 * read again and must say the same as before, else the Kraftfile stays as it is.
 * @throws UserError `kraftfile-invalid` for a Kraftfile with mistakes
 */
export function migrateKraftfile(source: SourceFile, to: Form): Migrated {
  const before = readKraftfile(source);
  const yaml = parseYaml(source, { version: '1.1' });
  const { root } = yaml;
  if (root?.kind !== 'map') return { kept: 'it is no map' };
  const why = to === 'erofs' ? whyNoErofs(before) : whyNoSpec(before, root);
  if (why !== null) return { kept: why };
  const splices = to === 'erofs' ? formatSplices(yaml, root, before) : specSplices(yaml, root, before);
  if (splices.length === 0) return { text: source.text };
  return checked(source, { before, to, root, splices });
}

type Change = {
  readonly before: Kraftfile;
  readonly to: Form;
  readonly root: YamlMap;
  readonly splices: readonly Splice[];
};

function checked(source: SourceFile, { before, to, root, splices }: Change): Migrated {
  const text = applySplices(source.text, splices);
  try {
    const after = readKraftfile({ file: source.file, text });
    const wanted = to === 'erofs' ? withErofs(before) : { ...before, spec: to };
    if (meaningOf(after) === meaningOf(wanted) && freeKeysIn({ ...source, text }) === freeKeys(root))
      return { text };
  } catch (error) {
    if (!(error instanceof MistakesError)) throw error;
    const [mistake] = error.mistakes.flatMap(({ diagnostics }) => diagnostics);
    return { kept: `in the new form, ${mistake?.message ?? error.message}` };
  }
  return { kept: 'other parts of the file depend on what would change: change it by hand' };
}

function withErofs(kraftfile: Kraftfile): Kraftfile {
  const { rootfs } = kraftfile;
  return rootfs.kind === 'absent' ? kraftfile : { ...kraftfile, rootfs: { ...rootfs, format: 'erofs' } };
}

/** What a Kraftfile says, whatever the form in which it says it. */
function meaningOf(kraftfile: Kraftfile): string {
  const { runtime, rootfs, cmd, env, labels, libraries, kconfig, targets, roms, ...rest } = kraftfile;
  const { spec, name, template, unikraft, volumes } = rest;
  const component = (part: Kraftfile['unikraft']) => part && [part.source, part.version, [...part.kconfig]];
  return JSON.stringify([
    [spec, name, runtime && [runtime.name, runtime.version, [...runtime.kconfig]]],
    [rootfsMeaning(rootfs), roms.map(rootfsMeaning), volumes],
    [cmd?.argv ?? null, [...env], [...labels]],
    [component(template), component(unikraft), [...libraries].map(([key, part]) => [key, component(part)])],
    [[...kconfig], targets.map(targetMeaning)],
  ]);
}

/** The keys of other programs, which may share values with those of a Kraftfile by anchors. */
function freeKeys(root: YamlMap): string {
  const free = [...root.entries.values()].filter(({ key }) => key.startsWith('x-'));
  return JSON.stringify(free.map(({ key, node }) => [key, plainValue(node)]));
}

function freeKeysIn(source: SourceFile): string | null {
  const { root } = parseYaml(source, { version: '1.1' });
  return root?.kind === 'map' ? freeKeys(root) : null;
}

function targetMeaning({ platform, architecture, name, kconfig }: Target): unknown {
  return [platform, architecture, name, [...kconfig]];
}

function rootfsMeaning(rootfs: RootfsReference): unknown {
  return rootfs.kind === 'absent' ? null : [rootfs.kind, rootfs.path, rootfs.context, rootfs.format];
}
