import { baseName, type ImagePath } from '../../shared/image-path.ts';
import type { PromiseContext } from './rule.ts';
import { KINDS } from './runtimes/kinds.ts';

/** Interpreters whose libraries no rule knows: their programs, and their names as libraries. */
const OTHERS = { programs: ['deno', 'bun', 'guile', 'mono', 'dotnet', 'julia'], libraries: ['julia'] };

const ALL = [...KINDS, OTHERS];

/** Programs of interpreters, with versions and flavours: `python3.11`, `php-fpm8.2`, `beam.smp`. */
const PROGRAM = new RegExp(`^(?:${anyOf(ALL.flatMap(({ programs }) => programs))})-?[\\d.]*$`);

/** Interpreters as libraries: of a server that has one as a module, of a program that embeds one. */
const LIBRARY = new RegExp(
  `^lib(?:${anyOf(ALL.flatMap(({ libraries }) => libraries))})[\\d._-]*\\.so[\\d.]*$`,
);

function anyOf(names: readonly string[]): string {
  return names.map((name) => name.replaceAll('.', '\\.')).join('|');
}

/** Whether a program is an interpreter, by its file's own name. */
export function isInterpreter(program: ImagePath): boolean {
  return PROGRAM.test(baseName(program));
}

/** Whether scripts run in this entry, which can call whatever their interpreter offers. */
export function runsScripts({ programs, kept }: Pick<PromiseContext, 'programs' | 'kept'>): boolean {
  return programs.some(isInterpreter) || [...kept].some((path) => LIBRARY.test(baseName(path)));
}
