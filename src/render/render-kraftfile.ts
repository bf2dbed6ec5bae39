import { escapeDollars } from '../kraftfile/interpolate.ts';
import type { KraftfileSpec } from '../kraftfile/kraftfile.ts';
import { type BlockPair, type BlockValue, writePair } from '../kraftfile/write-block.ts';
import { writeList, writeText } from '../kraftfile/write-scalar.ts';
import { loadTemplate } from './template.ts';

/** What the template `Kraftfile.hbs` shows: the lines of each key, its comments included; none where it is absent. */
export type KraftfileView = Readonly<
  Record<'head' | 'spec' | ViewKey | 'extensions' | 'foot', readonly string[]>
>;

/** The keys of a Kraftfile beside its spec, in the order of the template. */
export const VIEW_KEYS = [
  'name',
  'runtime',
  'rootfs',
  'cmd',
  'env',
  'labels',
  'volumes',
  'roms',
  'template',
  'unikraft',
  'libraries',
  'targets',
  'outdir',
] as const;
export type ViewKey = (typeof VIEW_KEYS)[number];

/** Options of a kernel under their comment; null where they have none. */
export type KconfigGroup = {
  readonly title: string | null;
  readonly options: Readonly<Record<string, string | number>>;
};

/** A part that is built from source. */
export type ComponentContent = {
  readonly source: string;
  readonly version: string;
  readonly kconfig: readonly KconfigGroup[];
};

/**
 * All that a new Kraftfile says. Texts are as they are meant, dollars not yet escaped; null and empty are not
 * written.
 */
export type KraftfileContent = {
  readonly spec: KraftfileSpec;
  readonly name: string | null;
  readonly runtime: string | null;
  readonly rootfs: string | null;
  readonly cmd: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly template: ComponentContent | null;
  readonly unikraft: ComponentContent | null;
  readonly libraries: Readonly<Record<string, ComponentContent>>;
  /** `qemu/x86_64`. */
  readonly targets: readonly string[];
};

/** A whole Kraftfile, in the catalog's order and with one blank line between its keys. */
export function renderKraftfile(content: KraftfileContent): string {
  const { spec, name, runtime, rootfs, cmd, env, labels, template, unikraft, libraries, targets } = content;
  const dollars: Dollars = spec === 'v0.6' ? escapeDollars : (text) => text;
  const text = (value: string | null) => (value === null ? null : plain(dollars, value));
  const entries: Partial<Record<ViewKey, BlockValue | null>> = {
    name: text(name),
    runtime: text(runtime),
    rootfs: text(rootfs),
    cmd: cmd.length === 0 ? null : writeList(cmd.map(dollars)),
    env: textPairs(dollars, env),
    labels: textPairs(dollars, labels),
    template: template === null ? null : componentPairs(dollars, template),
    unikraft: unikraft === null ? null : componentPairs(dollars, unikraft),
    libraries: orNull(
      Object.entries(libraries).map(
        ([key, library]): BlockPair => ({ key: writeText(key, ''), value: componentPairs(dollars, library) }),
      ),
    ),
    targets: orNull(targets.map((target) => plain(dollars, target))),
  };
  const linesOf = (key: ViewKey) => {
    const value = entries[key] ?? null;
    return value === null ? [] : writePair({ key, value });
  };
  const keys = Object.fromEntries(VIEW_KEYS.map((key) => [key, linesOf(key)])) as Record<ViewKey, string[]>;
  return renderView({ head: [], spec: [`spec: ${spec}`], extensions: [], foot: [], ...keys });
}

/** The text of a view. */
export function renderView(view: KraftfileView): string {
  return loadTemplate<KraftfileView>('Kraftfile.hbs')(view);
}

/** Gives a text as the spec wants its dollars. */
type Dollars = (text: string) => string;

function plain(dollars: Dollars, text: string): string {
  return writeText(dollars(text), '');
}

function textPairs(dollars: Dollars, pairs: Readonly<Record<string, string>>): readonly BlockPair[] | null {
  return orNull(
    Object.entries(pairs).map(([key, value]) => ({ key: writeText(key, ''), value: plain(dollars, value) })),
  );
}

function componentPairs(dollars: Dollars, { source, version, kconfig }: ComponentContent): BlockPair[] {
  const groups = kconfig.filter(({ options }) => Object.keys(options).length > 0);
  const options = groups.flatMap((group, at) => groupPairs(dollars, group, at === 0));
  return [
    { key: 'source', value: plain(dollars, source) },
    { key: 'version', value: plain(dollars, version) },
    ...(options.length === 0 ? [] : [{ key: 'kconfig', value: options }]),
  ];
}

/** Groups are set apart by blank lines. */
function groupPairs(dollars: Dollars, { title, options }: KconfigGroup, isFirst: boolean): BlockPair[] {
  const above = [...(isFirst ? [] : ['']), ...(title === null ? [] : [`# ${title}`])];
  return Object.entries(options).map(([key, value], at) => ({
    key: writeText(key, ''),
    value: optionText(dollars, value),
    ...(at === 0 ? { above } : {}),
  }));
}

/** An option as the catalog writes it: `'y'`, `64`, `"PATH=/bin"`. */
function optionText(dollars: Dollars, value: string | number): string {
  if (typeof value === 'number') return String(value);
  return writeText(dollars(value), /^\w*$/.test(value) ? "'" : '"');
}

function orNull<Item>(items: readonly Item[]): readonly Item[] | null {
  return items.length === 0 ? null : items;
}
