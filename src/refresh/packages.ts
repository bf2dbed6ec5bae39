import type { Container, Engine, ImageId } from '../engine/engine.ts';
import { readAppFile } from '../workload/app-file.ts';

/** Versions of installed packages by their names, in byte order. */
export type PackageVersions = Readonly<Record<string, string>>;

/** What became of packages from one root file system to another. */
export type PackageChanges = {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly { readonly name: string; readonly from: string; readonly to: string }[];
};

/** Where a distribution keeps what is installed, and how that is read. */
const DATABASES: readonly (readonly [path: string, read: (text: string) => [string, string][]])[] = [
  ['/var/lib/dpkg/status', readDpkg],
  ['/lib/apk/db/installed', readApk],
];

/** The packages that an image has by its databases; null where it has none. Nothing of it is run. */
export async function readPackages(
  engine: Engine,
  image: ImageId,
  signal: AbortSignal,
): Promise<PackageVersions | null> {
  await using container = await engine.createContainer({
    image,
    argv: ['/'],
    env: {},
    network: 'none',
    limits: { memoryBytes: 64 * 1024 ** 2, pids: 16 },
  });
  const found = await Promise.all(
    DATABASES.map(async ([path, read]) => {
      const text = await textIn(container, path, signal);
      return text === undefined ? [] : read(text);
    }),
  );
  const packages = found.flat();
  if (packages.length === 0) return null;
  return Object.fromEntries(packages.sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function textIn(container: Container, path: string, signal: AbortSignal): Promise<string | undefined> {
  const bytes = await readAppFile(container, path, signal);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');
}

/**
 * dpkg's status file, deb-status(5)-like stanzas: those that are installed, with their architecture where it is
 * foreign.
 */
export function readDpkg(text: string): [string, string][] {
  return text.split(/\n\n+/).flatMap((stanza): [string, string][] => {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(stanza)?.[1]?.trim();
    const [name, version, status = ''] = [field('Package'), field('Version'), field('Status')];
    if (name === undefined || version === undefined || !/ installed$/.test(status)) return [];
    return [[name, version]];
  });
}

/** apk's database, https://wiki.alpinelinux.org/wiki/Apk_spec: `P:` is a package, `V:` its version. */
export function readApk(text: string): [string, string][] {
  return text.split(/\n\n+/).flatMap((stanza): [string, string][] => {
    const field = (name: string) => new RegExp(`^${name}:(.*)$`, 'm').exec(stanza)?.[1]?.trim();
    const [name, version] = [field('P'), field('V')];
    return name === undefined || version === undefined ? [] : [[name, version]];
  });
}

export function comparePackages(before: PackageVersions, after: PackageVersions): PackageChanges {
  return {
    added: Object.keys(after).filter((name) => !(name in before)),
    removed: Object.keys(before).filter((name) => !(name in after)),
    changed: Object.entries(after).flatMap(([name, to]) => {
      const from = before[name];
      return from === undefined || from === to ? [] : [{ name, from, to }];
    }),
  };
}
