import { type FileTree, resolvePath } from '../shared/file-tree.ts';
import { type ImagePath, ROOT } from '../shared/image-path.ts';
import type { LoadDiagnostic, MissingObject } from './closure.ts';
import type { ClosureOptions } from './closure-options.ts';
import { programOrigin } from './glibc-loader.ts';
import type { LinkMap, LoadContext } from './link-map.ts';
import { lookupOf } from './load-run.ts';
import type { LoaderFacts } from './loader-facts.ts';
import { loaderFiles } from './loader-files.ts';
import { MACHINE_FACTS } from './machine.ts';
import { absolutePath } from './open-object.ts';
import type { ElfFile } from './read-elf.ts';

/** What a program comes to before anything is searched: a context, or for what cannot be started the reason. */
export type ProgramStart =
  | { readonly kind: 'dynamic'; readonly context: LoadContext; readonly missing: readonly MissingObject[] }
  | { readonly kind: 'static'; readonly program: LinkMap }
  | { readonly kind: 'failed'; readonly missing: MissingObject };

/** Programs that need no loader. */
const STATIC_KINDS: readonly string[] = ['static-executable', 'static-pie'];

/** Looks at the program and its interpreter, as the kernel does in fs/binfmt_elf.c `load_elf_binary`. */
export function startProgram(tree: FileTree, root: string, options: ClosureOptions): ProgramStart {
  const files = options.files ?? loaderFiles(tree);
  const cwd = options.cwd ?? ROOT;
  const path = absolutePath(root, cwd);
  const { path: realPath, links, entry } = resolvePath(tree, path);
  const elf = entry?.type === 'file' ? files.inspect(realPath).elf : null;
  if (elf === null || !['executable', 'pie', 'library', ...STATIC_KINDS].includes(elf.kind)) {
    const reason =
      entry?.type !== 'file' ? null : (files.inspect(realPath).error?.message ?? `it is ${elf?.kind}`);
    const refused = entry === undefined ? null : { path, reason: reason ?? `it is a ${entry.type}` };
    return {
      kind: 'failed',
      missing: { request: 'program', name: root, neededBy: null, searched: [path], refused },
    };
  }
  const origin = programOrigin(
    { path, realPath },
    {
      isProgram: elf.interpreter !== null,
      procfs: options.procfs ?? true,
      originPath: options.originPath ?? null,
    },
  );
  const lookup = lookupOf(
    { tree },
    { request: 'program', name: root, via: 'program', neededBy: null },
    { path, realPath, links },
  );
  const program = linkMap({ elf, realPath, path, origin }, lookup);
  if (STATIC_KINDS.includes(elf.kind)) return { kind: 'static', program };
  return withInterpreter({ tree, files, cwd, program, options });
}

type Started = Pick<LoadContext, 'tree' | 'files' | 'cwd' | 'program'> & { readonly options: ClosureOptions };

function withInterpreter({ tree, files, cwd, program, options }: Started): ProgramStart {
  const diagnostics: LoadDiagnostic[] = [];
  const interpreterPath =
    program.elf.interpreter ?? options.interpreter ?? guessInterpreter(tree, program.elf);
  const interpreter =
    interpreterPath === null ? null : openInterpreter({ tree, files, cwd, program }, interpreterPath);
  const facts = (interpreter && files.loaderFacts(interpreter.realPath)) ?? presumedFacts(interpreterPath);
  if (interpreterPath === null) {
    const message = `cannot find the loader of ${program.path}: it names none, and the tree has none for its machine`;
    diagnostics.push({ code: 'interpreter-unknown', message, path: program.path });
  } else if (facts.libc === 'glibc' && facts.systemDirectories === null) {
    const message = `cannot find the default directories in ${interpreterPath}: kraft-slim uses the usual directories`;
    diagnostics.push({ code: 'loader-unreadable', message, path: interpreterPath });
  }
  const missing =
    interpreterPath === null || interpreter !== null ? [] : [missingInterpreter(interpreterPath, program)];
  const context: LoadContext = {
    tree,
    files,
    facts,
    machine: MACHINE_FACTS[program.elf.header.machine],
    program,
    interpreter,
    interpreterPath,
    libraryPath: options.libraryPath ?? '',
    cwd,
    procfs: options.procfs ?? true,
    diagnostics,
  };
  return { kind: 'dynamic', context, missing };
}

function openInterpreter(
  { tree, files, cwd, program }: Pick<LoadContext, 'tree' | 'files' | 'cwd' | 'program'>,
  name: string,
): LinkMap | null {
  const path = absolutePath(name, cwd);
  const { path: realPath, links, entry } = resolvePath(tree, path);
  const elf = entry?.type === 'file' ? files.inspect(realPath).elf : null;
  if (elf === null) return null;
  const lookup = { request: 'interpreter', name, via: 'interpreter', neededBy: program.realPath } as const;
  const map = linkMap(
    { elf, realPath, path, origin: null },
    lookupOf({ tree }, lookup, { path, realPath, links }),
  );
  map.names.add(name);
  map.neededBy.add(program.realPath);
  return map;
}

function missingInterpreter(name: string, program: LinkMap): MissingObject {
  return { request: 'interpreter', name, neededBy: program.realPath, searched: [name], refused: null };
}

function linkMap(
  file: { elf: ElfFile; realPath: ImagePath; path: string; origin: string | null },
  lookup: LinkMap['lookups'][number],
): LinkMap {
  return { ...file, names: new Set(), loader: null, hwcaps: null, lookups: [lookup], neededBy: new Set() };
}

/** Of the loaders that the tree has for the machine, musl's where the library asks for musl's libc. */
function guessInterpreter(tree: FileTree, elf: ElfFile): string | null {
  const present = MACHINE_FACTS[elf.header.machine].interpreters.filter(
    (path) => resolvePath(tree, path).entry?.type === 'file',
  );
  const wantsMusl = elf.dependencies.some(({ name }) => /^libc\.(?:musl-|so$)/.test(name));
  return present.find((path) => path.includes('musl') === wantsMusl) ?? present[0] ?? null;
}

/** Without the loader's bytes: libc by its name, and every search that some glibc makes. */
function presumedFacts(interpreter: string | null): LoaderFacts {
  const libc = interpreter !== null && /\/ld-musl-/.test(interpreter) ? 'musl' : 'glibc';
  return { libc, version: null, systemDirectories: null, glibcHwcaps: true };
}
