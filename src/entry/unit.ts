import type { Kraftfile, Runtime } from '../kraftfile/kraftfile.ts';

/**
 * What an entry is to the tool. `complete`: its Dockerfile holds everything, on the base runtime.
 * `runtime-delta`: it lies over another runtime's files. `library`: it builds a runtime, with its own kernel
 * options. `native`: there is no ELF program to strip.
 */
export type EntryClass = 'complete' | 'runtime-delta' | 'library' | 'native';

export type UnitKraftfile = {
  /** Its path from the unit's `directory`. */
  readonly name: string;
  /** Its absolute path on the host. */
  readonly path: string;
  readonly kraftfile: Kraftfile;
};

/** One Dockerfile and all Kraftfiles that name it: the unit of work. */
export type RootfsUnit = {
  /** `directory` relative to the catalog's root: how all verbs and the state call the entry. */
  readonly name: string;
  readonly catalogRoot: string;
  /** The nearest common directory of its Kraftfiles; absolute. */
  readonly directory: string;
  /** The directory of the build context: the Dockerfile's own, unless a v0.7 Kraftfile names another; absolute. */
  readonly context: string;
  /** The path of the Dockerfile from `directory`, such as `docker/Dockerfile`. */
  readonly dockerfile: string;
  /** One at least. */
  readonly kraftfiles: readonly [UnitKraftfile, ...UnitKraftfile[]];
  readonly class: EntryClass;
  /** It has a Dockerfile alone: its Kraftfile is offered, and is not on disk. */
  readonly isBare?: true;
};

/** An entry without a root file system that the tool could slim. */
export type EntryWithoutDockerfile = {
  readonly name: string;
  readonly catalogRoot: string;
  readonly directory: string;
  readonly kraftfiles: readonly UnitKraftfile[];
  readonly class: EntryClass;
  /** One sentence: what it has instead of a Dockerfile. */
  readonly reason: string;
};

/** Runtimes without files. */
const BARE_RUNTIMES = new Set(['base', 'base-compat']);
/** Users of the registry whose images are the catalog's own. */
const OFFICIAL = new Set(['official', 'unikraft']);

/**
 * Whether the app runs on the loader of the open catalog alone, which takes ELF programs by absolute paths. Not so
 * `base-compat`, which is Linux to the app: it starts scripts and looks programs up in PATH.
 */
export function isBareLoader(kraftfile: Kraftfile): boolean {
  const { runtime } = kraftfile;
  return runtime === null || (runtime.name === 'base' && isBareRuntime(runtime));
}

/** Whether the runtime is Linux to the app: what Unikraft's kernels lack is there. */
export function isLinuxCompatible({ runtime }: Kraftfile): boolean {
  return runtime !== null && runtime.name === 'base-compat' && isBareRuntime(runtime);
}

/** `base`, or the last name of a whole reference to a registry; `node/base` is another runtime. */
function isBareRuntime({ name, reference }: Runtime): boolean {
  if (!BARE_RUNTIMES.has(name)) return false;
  const [first = '', ...more] = reference.replace(/^[a-z]+:\/\//, '').split('/');
  return more.length === 0 || /[.:]|^localhost$/.test(first) || OFFICIAL.has(first);
}

/** The class of an entry, from one of its Kraftfiles alone. */
export function classOf(kraftfile: Kraftfile): EntryClass {
  if (kraftfile.rootfs.kind === 'absent') return 'native';
  if (kraftfile.runtime !== null) return isBareRuntime(kraftfile.runtime) ? 'complete' : 'runtime-delta';
  if (kraftfile.template !== null) return 'library';
  return kraftfile.rootfs.kind === 'dockerfile' ? 'library' : 'native';
}
