import { baseName, type ImagePath } from '../../shared/image-path.ts';
import type { PromiseContext } from './rule.ts';
import { KINDS } from './runtimes/kinds.ts';

/** Interpreters whose libraries no rule knows: their programs, and their names as libraries. */
const OTHERS = {
  programs: [
    ...['deno', 'bun', 'guile', 'mono', 'dotnet', 'julia', 'swipl', 'gprolog', 'octave', 'octave-cli'],
    ...['racket', 'sbcl', 'clisp', 'ecl', 'gosh', 'csi', 'gst', 'ocaml', 'ocamlrun', 'pike', 'mruby'],
  ],
  libraries: ['julia', 'guile', 'swipl', 'ecl', 'mruby'],
};

const ALL = [...KINDS, OTHERS];

/** Programs of interpreters, with versions and flavours: `python3.11`, `php-fpm8.2`, `beam.smp`. */
const PROGRAM = programPattern(ALL);
const KNOWN_PROGRAM = programPattern(KINDS);

/** Interpreters as libraries: of a server that has one as a module, of a program that embeds one. */
const LIBRARY = new RegExp(
  `^lib(?:${anyOf(ALL.flatMap(({ libraries }) => libraries))})[\\d._-]*\\.so[\\d.]*$`,
);

function programPattern(kinds: readonly { readonly programs: readonly string[] }[]): RegExp {
  return new RegExp(`^(?:${anyOf(kinds.flatMap(({ programs }) => programs))})-?[\\d.]*$`);
}

function anyOf(names: readonly string[]): string {
  return names.map((name) => name.replaceAll('.', '\\.')).join('|');
}

/** Whether a program is an interpreter, by its file's own name. */
function isInterpreter(program: ImagePath): boolean {
  return PROGRAM.test(baseName(program));
}

/** Whether a program is an interpreter for whose library and packages there are rules. */
export function hasKnownLibrary(program: ImagePath): boolean {
  return KNOWN_PROGRAM.test(baseName(program));
}

/** Whether scripts run in this entry, which can call whatever their interpreter offers. */
export function runsScripts({ programs, kept }: Pick<PromiseContext, 'programs' | 'kept'>): boolean {
  return programs.some(isInterpreter) || [...kept].some((path) => LIBRARY.test(baseName(path)));
}
