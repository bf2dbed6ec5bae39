import { type FileTree, readText, resolvePath, walk } from '../../../shared/file-tree.ts';
import { baseName, type ImagePath, imagePath, isWithin, parentOf } from '../../../shared/image-path.ts';
import { isDirectory, isFile, pathsIn } from '../../rules/tree-files.ts';
import type { Managed, ModuleManager, ModulePackage } from './manager.ts';

/** Installers of packages. setuptools is none: its pkg_resources is read by apps. */
const INSTALLER = /^(?:pip|wheel|uv|poetry|pipenv)$/;

/**
 * pip and its like: each `dist-info` directory has the RECORD of what belongs to it and, in METADATA, what it needs
 * (packaging.python.org, "Recording installed projects" and "Core metadata"). REQUESTED is there where the author
 * names it.
 */
export const pip: ModuleManager = {
  name: 'pip',
  packages(managed) {
    const { context, runtimes } = managed;
    const sites = runtimes.find(({ kind }) => kind === 'python')?.modules ?? [];
    const real = new Set(sites.map((site) => resolvePath(context.tree, site).path));
    return [...real].flatMap((site) =>
      pathsIn(context.tree, site)
        .filter((path) => path.endsWith('.dist-info') || path.endsWith('.egg-info'))
        .flatMap((path) => distribution(managed, site, path)),
    );
  },
};

function distribution({ context, isOwned }: Managed, site: ImagePath, info: ImagePath): ModulePackage[] {
  const { tree, made } = context;
  const metadata = isFile(tree, info) ? info : imagePath(`${info}/${metadataName(tree, info)}`);
  if (isOwned(metadata)) return [];
  const text = readText(tree, metadata) ?? '';
  const [headers = ''] = text.split(/\r?\n\r?\n/);
  const name = /^Name:\s*(\S+)/im.exec(headers)?.[1] ?? baseName(info).split('-')[0] ?? '';
  if (INSTALLER.test(normalised(name))) return [];
  const isRequested = isFile(tree, `${info}/REQUESTED`) || !anyRequested(tree, site);
  return [
    {
      id: `pip:${site}:${normalised(name)}`,
      files: () => [...recorded(tree, site, info), ...filesOfInfo(tree, info)],
      dependencies: () => requiredBy(headers).map((other) => `pip:${site}:${other}`),
      isNamed: isRequested && made(metadata) === 'author',
    },
  ];
}

function metadataName(tree: FileTree, info: ImagePath): string {
  return isFile(tree, `${info}/METADATA`) ? 'METADATA' : 'PKG-INFO';
}

/** pip of before 2020 and other installers do not write what was named: then all of it counts as named. */
function anyRequested(tree: FileTree, site: ImagePath): boolean {
  return pathsIn(tree, site).some((path) => isFile(tree, `${path}/REQUESTED`));
}

/** PEP 503. */
function normalised(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** Requires-Dist without those of extras, `Requires-Dist: jinja2 (>=3) ; python_version < "3.12"`. */
function requiredBy(headers: string): string[] {
  const lines = [...headers.matchAll(/^Requires-Dist:\s*([A-Za-z0-9][\w.-]*)([^\n]*)/gim)];
  return lines
    .filter(([, , rest = '']) => !/\bextra\s*==/.test(rest))
    .map(([, name = '']) => normalised(name));
}

/**
 * The files of RECORD, by their paths from the site directory; of an egg-info those of installed-files.txt, by their
 * paths from it; else the directories and modules that top_level.txt names. Scripts are no modules.
 */
function recorded(tree: FileTree, site: ImagePath, info: ImagePath): ImagePath[] {
  const record = readText(tree, `${info}/RECORD`);
  const installed = readText(tree, `${info}/installed-files.txt`);
  const lines = (text: string) => text.split(/\r?\n/).filter((line) => line !== '');
  const files =
    record !== undefined
      ? lines(record).map((line) => imagePath(/^"([^"]+)"/.exec(line)?.[1] ?? line.split(',')[0] ?? '', site))
      : installed !== undefined
        ? lines(installed).map((line) => imagePath(line, info))
        : topLevels(tree, site, info);
  const prefix = parentOf(parentOf(parentOf(site)));
  return files.filter((path) => isWithin(path, prefix) && baseName(parentOf(path)) !== 'bin');
}

function topLevels(tree: FileTree, site: ImagePath, info: ImagePath): ImagePath[] {
  const names = (readText(tree, `${info}/top_level.txt`) ?? '').split(/\s+/).filter((name) => name !== '');
  return names.flatMap((name) => [
    ...[...walk(tree, imagePath(`${site}/${name}`))].map(([path]) => path),
    imagePath(`${site}/${name}.py`),
  ]);
}

function filesOfInfo(tree: FileTree, info: ImagePath): ImagePath[] {
  return isDirectory(tree, info) ? [...walk(tree, info)].map(([path]) => path) : [info];
}
