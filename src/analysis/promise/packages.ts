import { type FileTree, readText } from '../../shared/file-tree.ts';
import { type ImagePath, imagePath } from '../../shared/image-path.ts';
import { packagePaths } from '../package-owners.ts';
import { isDirectory } from '../rules/tree-files.ts';
import { generatedFiles } from './generated-files.ts';

const DPKG_INFO = imagePath('/var/lib/dpkg/info');
const DPKG_STATUS = '/var/lib/dpkg/status';
const APK_INSTALLED = '/lib/apk/db/installed';

/** The packages that the package manager of an image has installed; without a package manager there are none. */
export type Packages = {
  /** Names of packages that own a file. */
  readonly names: readonly string[];
  /** The package of a file or a link, by its own place free of links. */
  readonly ownerOf: (path: ImagePath) => string | undefined;
  /** Whether any package has a directory, by its place. */
  readonly hasDirectory: (path: ImagePath) => boolean;
  /** Files and links of a package, by their own places; no directories. */
  readonly filesOf: (name: string) => readonly ImagePath[];
  /** Files and links that the scripts of a package have made, see `generatedFiles`. */
  readonly generatedOf: (name: string) => readonly ImagePath[];
  /** Directories that a package comes with, by the names of its list: shared, filled and empty. */
  readonly directoriesOf: (name: string) => readonly ImagePath[];
  /** Installed packages that a package depends on: Depends and Pre-Depends of dpkg, `D:` of apk. */
  readonly dependsOf: (name: string) => readonly string[];
  /** The source package that a package is built from, with others: `Source` of dpkg, `o:` of apk. */
  readonly sourceOf: (name: string) => string | undefined;
  /** Whether every system has the package: Essential or Priority required, Debian Policy 2.5 and 3.8. */
  readonly isBasic: (name: string) => boolean;
};

const known = new WeakMap<FileTree, Packages>();

/** Reads the package databases of a root file system, once. */
export function readPackages(tree: FileTree): Packages {
  const packages = known.get(tree) ?? readDatabases(tree);
  known.set(tree, packages);
  return packages;
}

function readDatabases(tree: FileTree): Packages {
  const { owners, directories } = packagePaths(tree);
  const files = new Map<string, ImagePath[]>();
  for (const [path, name] of owners) {
    const paths = files.get(name);
    if (paths === undefined) files.set(name, [path]);
    else paths.push(path);
  }
  const stanzas = [
    ...stanzasOf(readText(tree, DPKG_STATUS) ?? '', dpkgStanza),
    ...stanzasOf(readText(tree, APK_INSTALLED) ?? '', apkStanza),
  ];
  const installed = new Map(stanzas.map((stanza) => [stanza.name, stanza]));
  const providers = new Map(
    stanzas.flatMap(({ name, provides }) => provides.map((other) => [other, name] as const)),
  );
  const installedName = (name: string) => (installed.has(name) ? name : providers.get(name));
  const sourceOf = (name: string) => installed.get(name)?.source;
  let generated: ReadonlyMap<string, readonly ImagePath[]> | undefined;
  return {
    names: [...files.keys()],
    ownerOf: (path) => owners.get(path),
    hasDirectory: (path) => directories.has(path),
    filesOf: (name) => files.get(name) ?? [],
    generatedOf(name) {
      generated ??= generatedFiles(tree, owners, (other) => sourceOf(other) ?? other);
      return generated.get(name) ?? [];
    },
    directoriesOf: (name) => listedPaths(tree, name).filter((path) => isDirectory(tree, path)),
    dependsOf(name) {
      const found = (installed.get(name)?.depends ?? []).flatMap(
        (choices) => choices.map(installedName).find((dependency) => dependency !== undefined) ?? [],
      );
      return [...new Set(found)];
    },
    sourceOf,
    isBasic: (name) => installed.get(name)?.isBasic ?? false,
  };
}

/** Every path of a package's list, as dpkg writes it; apk lists directories as `F:` in the package's stanza. */
function listedPaths(tree: FileTree, name: string): ImagePath[] {
  const lists = tree.list(DPKG_INFO).filter((file) => /^([^:]+)(?::\w+)?\.list$/.exec(file)?.[1] === name);
  const dpkg = lists.flatMap((file) => (readText(tree, `${DPKG_INFO}/${file}`) ?? '').split('\n'));
  const stanzas = (readText(tree, APK_INSTALLED) ?? '').split(/\n\n+/);
  const stanza = stanzas.find((text) => text.split('\n').includes(`P:${name}`)) ?? '';
  const apk = stanza.split('\n').flatMap((line) => (line.startsWith('F:') ? `/${line.slice(2)}` : []));
  return [...dpkg, ...apk].filter((path) => path.startsWith('/')).map((path) => imagePath(path));
}

/** The record of a package; for each dependency the names of which any satisfies it. */
type Stanza = {
  readonly name: string;
  readonly depends: readonly (readonly string[])[];
  readonly provides: readonly string[];
  readonly source: string;
  readonly isBasic: boolean;
};

function stanzasOf(text: string, read: (stanza: string) => Stanza | undefined): Stanza[] {
  return text.split(/\n\n+/).flatMap((stanza) => read(stanza) ?? []);
}

/** A stanza of dpkg's status file: deb-control(5), in which a field continues on lines that begin with a blank. */
function dpkgStanza(stanza: string): Stanza | undefined {
  const lines = stanza.replace(/\n[ \t]+/g, ' ').split('\n');
  const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
  const name = field('Package');
  if (name === undefined || !/ installed$/.test(field('Status')?.trimEnd() ?? '')) return undefined;
  const names = (text = '') => text.split('|').map((word) => word.trim().split(/[\s(:]/)[0] ?? '');
  const listed = (text = '') => text.split(',').filter((word) => word.trim() !== '');
  return {
    name,
    depends: [...listed(field('Pre-Depends')), ...listed(field('Depends'))].map(names),
    provides: listed(field('Provides')).flatMap(names),
    source: names(field('Source'))[0] || name,
    isBasic: field('Essential') === 'yes' || field('Priority') === 'required',
  };
}

/** A stanza of apk's database: `D:` depends and `p:` provides, as names with versions, `so:libz.so.1`, `!conflict`. */
function apkStanza(stanza: string): Stanza | undefined {
  const lines = stanza.split('\n');
  const field = (letter: string) => lines.find((line) => line.startsWith(`${letter}:`))?.slice(2) ?? '';
  const names = (letter: string) =>
    field(letter)
      .split(/\s+/)
      .filter((word) => word !== '' && !word.startsWith('!'))
      .map((word) => word.split(/[<>=~]/)[0] ?? '');
  const name = field('P');
  if (name === '') return undefined;
  return {
    name,
    depends: names('D').map((dependency) => [dependency]),
    provides: names('p'),
    source: field('o') || name,
    isBasic: false,
  };
}
