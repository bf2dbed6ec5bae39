import { baseName, type ImagePath } from '../../shared/image-path.ts';
import { isGoverned } from './data-directory.ts';
import type { PromiseContext, PromiseRule } from './rule.ts';

/** Files that a program links, in the directories of the loader or below them: each stays where something links it. */
const LINKED = /\.so\.\d|^(?:\/usr(?:\/local)?)?\/lib\w*\/(?:[\w-]+-linux-[\w-]+\/)?[^/]+\.so$/;

/** A shared library by its name: `libmagic.so.1.0.0`, `libsoftokn3.so`. */
const LIBRARY = /\.so(?:\.\d+)*$/;

const PROGRAM = /\/s?bin\/[^/]+$/;
const TRANSLATION = /^\/usr(?:\/local)?\/share\/locale\//;

/** The C library has separate rules: character sets, locales, the name service. */
const C_LIBRARIES: ReadonlySet<string> = new Set(['glibc', 'musl']);

/**
 * What a library reads or opens when a use first needs it, by the package that it comes in: tables of libmagic and
 * PROJ, modules of SASL, ImageMagick and NSS, plugins of MariaDB's client. Packages of the same source that it depends
 * on and that hold no library belong to it (`libmagic-mgc`, `libx11-data`).
 */
export const libraryData: PromiseRule = {
  name: 'library-data',
  needs(context) {
    const owners = new Set(
      [...context.kept]
        .filter((path) => LIBRARY.test(baseName(path)))
        .flatMap((path) => context.packages.ownerOf(path) ?? []),
    );
    const names = new Set([...owners].flatMap((name) => withData(name, context)));
    const { filesOf, generatedOf } = context.packages;
    return [...names].flatMap((name) => [...filesOf(name), ...generatedOf(name)]).filter(isData);
  },
};

function withData(name: string, { packages }: PromiseContext): string[] {
  const source = packages.sourceOf(name);
  if (packages.isBasic(name) || source === undefined || C_LIBRARIES.has(source)) return [];
  const data = packages
    .dependsOf(name)
    .filter((other) => packages.sourceOf(other) === source && !packages.isBasic(other))
    .filter((other) => !packages.filesOf(other).some((path) => LINKED.test(path)));
  return [name, ...data];
}

function isData(path: ImagePath): boolean {
  return !LINKED.test(path) && !PROGRAM.test(path) && !TRANSLATION.test(path) && !isGoverned(path);
}
