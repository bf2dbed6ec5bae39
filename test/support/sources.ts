import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, posix } from 'node:path';

/** The top of the clone. */
export const TOP = join(import.meta.dirname, '../..');

/** Files by their path below src/, with their text. */
export type Sources = ReadonlyMap<string, string>;

/** One import as a file states it. */
export type Import = {
  /** As it is written: a relative path, a package or a module of Node. */
  readonly specifier: string;
  /** Whether it imports types alone, which are gone at run time. */
  readonly isType: boolean;
};

/** An import of another file of src/. */
export type FileImport = { readonly from: string; readonly to: string; readonly isType: boolean };

export function sourcesOf(table: Readonly<Record<string, string>>): Sources {
  return new Map(Object.entries(table));
}

export function readSources(): Sources {
  const names = readdirSync(join(TOP, 'src'), { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.endsWith('.ts')).map((name) => name.replaceAll('\\', '/'));
  return new Map(files.map((name) => [name, readFileSync(join(TOP, 'src', name), 'utf8')]));
}

/** The code without its comments, of which each begins a line or follows a blank. */
export function codeOf(text: string): string {
  return text.replace(/^\s*\/\*[\s\S]*?\*\//gm, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

const SPECIFIER =
  /(?:\b(?:import|export)\s+(type\s+)?(\*(?:\s+as\s+\w+)?|[\w$]+\s*,?\s*)?(?:\{([^}]*)\}\s*)?from|\bfrom|\bimport|\b(?:import|require|resolve|getBuiltinModule)\()\s*['"]([\w@./:-]+)['"]/g;

/** Everything that a file imports, resolves or loads. */
export function importsIn(text: string): Import[] {
  return [...codeOf(text).matchAll(SPECIFIER)].map(([, type, whole, names, specifier]) => {
    const listed = (names ?? '').split(',').map((name) => name.trim());
    const named = listed.filter((name) => name !== '');
    const areTypes = whole === undefined && named.length > 0 && named.every((name) => /^type\s/.test(name));
    return { specifier: specifier as string, isType: type !== undefined || areTypes };
  });
}

export function specifiersOf(text: string): string[] {
  return importsIn(text).map(({ specifier }) => specifier);
}

/** Every import of another file of src/. */
export function fileImports(sources: Sources): FileImport[] {
  return [...sources].flatMap(([from, text]) =>
    importsIn(text)
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map(({ specifier, isType }) => ({ from, to: posix.join(dirname(from), specifier), isType })),
  );
}

/** Every import of a package, `[from, package]`; modules of Node are no packages. */
export function packagesOf(sources: Sources): [from: string, name: string][] {
  return [...sources].flatMap(([file, text]) =>
    specifiersOf(text)
      .filter((specifier) => !/^(\.|node:|\/)/.test(specifier) && !builtinModules.includes(specifier))
      .map((specifier): [string, string] => [file, /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier]),
  );
}

/** The first part of a path below src/: a folder, or the file itself. */
export function folderOf(file: string): string {
  return file.split('/')[0] as string;
}
