import type { Assumption } from '../config/config-schema.ts';
import { fileSource } from '../elf/byte-source.ts';
import type { Closure, MissingObject } from '../elf/closure.ts';
import type { ClosureOptions } from '../elf/closure-options.ts';
import { isElf } from '../elf/elf-header.ts';
import { loaderFiles } from '../elf/loader-files.ts';
import { resolveClosure } from '../elf/resolve-closure.ts';
import type { Launch } from '../entry/launch.ts';
import { type FileTree, readText, resolvePath } from '../shared/file-tree.ts';
import { type ImagePath, imagePath } from '../shared/image-path.ts';
import { applyRules } from './apply-rules.ts';
import { needsOfClosure } from './closure-needs.ts';
import { findInPath, findProgram } from './find-program.ts';
import type { Need } from './need.ts';
import { type ScriptChain, type ScriptStep, scriptChain } from './script.ts';
import { type WrappedCommand, wrappedCommand } from './wrapper-script.ts';

/** What can be known of a launch without running it. */
export type StaticFindings = {
  /** The path that argv[0] leads to; it may be a script. */
  readonly command: ImagePath;
  /** The ELF program that runs in the end, as it is named; null where there is none. */
  readonly program: ImagePath | null;
  readonly script: ScriptChain | null;
  /** What a script that only sets variables and execs runs; null for every other command. */
  readonly wrapped: WrappedCommand | null;
  readonly needs: readonly Need[];
  /** Libraries that the dynamic linker would not find. */
  readonly missing: readonly MissingObject[];
  /** Whether the program imports dlopen: which libraries it loads with it, only a run can show. */
  readonly loadsByItself: boolean;
  /** Libraries that it finds by ld.so.cache alone, by name. */
  readonly cacheNeeded: readonly string[];
};

type Subject = Pick<Launch, 'argv' | 'env'>;

export type StaticOptions = {
  readonly assumptions?: readonly Assumption[];
  readonly signal?: AbortSignal;
};

/**
 * Follows a launch as the kernel and the dynamic linker would: scripts to their interpreters, programs to their
 * libraries, and what the rules know beyond that. Nothing is executed.
 * @throws UserError `cmd-not-found`, `limit-exceeded`; the signal's reason.
 */
export async function analyseStatically(
  tree: FileTree,
  launch: Subject,
  { assumptions = [], signal }: StaticOptions = {},
): Promise<StaticFindings> {
  const options: ClosureOptions = { ...loaderEnv(launch.env), files: loaderFiles(tree) };
  const command = findProgram(tree, launch.argv[0], launch.env);
  const script = scriptChain(tree, command, launch.env);
  const isScript = script.steps.length > 0;
  const wrapped = isScript ? wrappedBy(tree, command, launch) : undefined;
  const inner = wrapped === undefined ? [] : findWrapped(tree, wrapped, launch.env);
  const interpreters = script.steps.map(({ interpreter }) => interpreter);
  const programs = new Set(
    [...interpreters, script.program, ...inner].filter((path) => isProgram(tree, path)),
  );
  const started = [...programs].map((path) => ({ path, ...resolveProgram(tree, path, options) }));
  const last = started.at(-1);
  const effective = effectiveLaunch(launch, { command, script, wrapped });
  const ruled =
    last === undefined
      ? { needs: [], loadsByItself: false }
      : await applyRules({ tree, launch: effective, assumptions, options, program: last, signal });
  return {
    command,
    program: last?.path ?? null,
    script: isScript ? script : null,
    wrapped: wrapped ?? null,
    needs: [
      ...[command, ...inner].map((path): Need => ({ path, reason: { kind: 'started' } })),
      ...script.steps.map(interpreterNeed),
      ...started.flatMap(({ path, closure }) => needsOfClosure(path, closure)),
      ...ruled.needs,
    ],
    missing: started.flatMap(({ closure }) => closure.missing),
    loadsByItself: ruled.loadsByItself,
    cacheNeeded: started.flatMap(({ cacheNeeded }) => cacheNeeded),
  };
}

/** The launch as the program sees it that runs in the end: behind its wrapper, or with its script as an argument. */
function effectiveLaunch(
  { argv, env }: Subject,
  {
    command,
    script,
    wrapped,
  }: { command: ImagePath; script: ScriptChain; wrapped: WrappedCommand | undefined },
): Subject {
  const [, ...args] = argv;
  const [name, ...wrappedArgs] = wrapped?.argv ?? [];
  if (name !== undefined) return { argv: [name, ...wrappedArgs], env: { ...env, ...wrapped?.env } };
  return script.steps.length === 0 ? { argv, env } : { argv: [script.program, command, ...args], env };
}

/**
 * What the dynamic linker opens for a program, or for a library alone. Where ld.so.cache makes no difference it
 * is not kept, so that the libraries have to be where the default directories find them, spelled as these spell them.
 */
export function resolveProgram(
  tree: FileTree,
  path: ImagePath,
  options: ClosureOptions,
): { readonly closure: Closure; readonly cacheNeeded: readonly string[] } {
  const closure = resolveClosure(tree, [path], options);
  const cacheNeeded = closure.cacheNeeded.map(({ name }) => name);
  if (cacheNeeded.length > 0) return { closure, cacheNeeded };
  return { closure: resolveClosure(tree, [path], { ...options, useCache: false }), cacheNeeded };
}

function interpreterNeed({ interpreter, script }: ScriptStep): Need {
  return { path: interpreter, reason: { kind: 'script-interpreter', of: script } };
}

/**
 * Whether the dynamic linker finds something only because ld.so.cache names it: a linked library, or one of those
 * that the program was seen to load with dlopen.
 */
export function needsLoaderCache(
  tree: FileTree,
  { program, env, loaded }: { program: ImagePath | null; env: Subject['env']; loaded: readonly string[] },
): boolean {
  if (program === null) return false;
  return resolveClosure(tree, [program, ...loaded], loaderEnv(env)).cacheNeeded.length > 0;
}

function isProgram(tree: FileTree, path: ImagePath): boolean {
  const found = resolvePath(tree, path);
  return found.entry?.type === 'file' && isElf(fileSource(tree, found.path));
}

function wrappedBy(tree: FileTree, script: ImagePath, { argv, env }: Subject): WrappedCommand | undefined {
  return wrappedCommand(readText(tree, script) ?? '', { args: argv.slice(1), env });
}

/** The program that a wrapper execs, where it is there. */
function findWrapped(tree: FileTree, { argv, env }: WrappedCommand, launchEnv: Subject['env']): ImagePath[] {
  const [name = ''] = argv;
  const found = name.includes('/') ? imagePath(name) : findInPath(tree, name, { ...launchEnv, ...env });
  return found !== undefined && resolvePath(tree, found).entry?.type === 'file' ? [found] : [];
}

/** What the dynamic linker takes from the environment of a launch. */
function loaderEnv(env: Subject['env']): ClosureOptions {
  const { LD_LIBRARY_PATH: libraryPath, LD_PRELOAD: preload } = env;
  return {
    ...(libraryPath === undefined ? {} : { libraryPath }),
    ...(preload === undefined ? {} : { preload }),
  };
}
