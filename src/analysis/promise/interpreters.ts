import { baseName, type ImagePath } from '../../shared/image-path.ts';
import type { PromiseContext } from './rule.ts';

/** Interpreters by the names of their programs, with versions and flavours: `python3.11`, `php-fpm8.2`, `beam.smp`. */
const PROGRAM =
  /^(?:python|pypy|perl|ruby|php(?:-fpm|-cgi)?|node|nodejs|deno|bun|java|lua|luajit|tclsh|wish|R|Rscript|beam(?:\.smp)?|guile|mono|dotnet|julia)-?[\d.]*$/;

/** Interpreters as libraries: of a server that has one as a module, of a program that embeds one. */
const LIBRARY = /^lib(?:python|pypy|perl|ruby|php|tcl|jvm|R|node|julia)[\d._-]*\.so[\d.]*$/;

/** Whether a program is an interpreter, by its file's own name. */
export function isInterpreter(program: ImagePath): boolean {
  return PROGRAM.test(baseName(program));
}

/** Whether scripts run in this entry, which can call whatever their interpreter offers. */
export function runsScripts({ programs, kept }: Pick<PromiseContext, 'programs' | 'kept'>): boolean {
  return programs.some(isInterpreter) || [...kept].some((path) => LIBRARY.test(baseName(path)));
}
