import { buildElf, DF_1_PIE, type ElfSpec } from '../support/elf-builder.ts';

/**
 * One thing that a program does, as a line:
 *
 * - `open PATH`, `stat PATH`, `list PATH`, `readlink PATH`: it ends with exit code 1 where the path is not there
 * - `try PATH`, `look PATH`: opens or stats it, and goes on where it is not there
 * - `cat PATH`: opens it, and prints its content
 * - `same PATH TEXT`: opens it, and ends where it holds anything else
 * - `write PATH TEXT`: makes or overwrites a file
 * - `exec PATH ARGS`: becomes another program
 * - `run PATH ARGS`: starts another program, and waits for its end
 * - `print TEXT`, `complain TEXT`: a line on standard output or standard error
 * - `env NAME`: prints a variable; ends where it is not set
 * - `call TEXT`: a call that names no file, as strace prints it
 * - `listen PORT`: it serves the port from then on, and does not end without a kill
 * - `ask PORT TEXT`: sends a line to a port of its network, and prints the answer
 * - `hidden PATH`: opens it by a call that the tracer does not show
 * - `notempty PATH`: ends where it is empty, which the tracer does not show
 * - `unless PATH STEP`: does the step where a path is not there, which the tracer does not show
 * - `every NUMBER STEP`: does the step each time that so many programs of the world have come this far
 * - `count`, `count NUMBER`: prints how many programs of the world have counted before it; a number divides that
 * - `nth NUMBER`: prints 1 in the program of the world that counts as that, and 0 in any other
 * - `wait`: never ends
 * - `exit CODE`
 */
export type Step = string;

/** What a server answers to a request: what `does` prints is the body. A step that fails gives a 500. */
export type Reply = {
  readonly does: readonly Step[];
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** What a program sees of its start. */
export type Started = { readonly argv: readonly string[]; readonly env: Readonly<Record<string, string>> };

/** How a program behaves, whatever file it is in. */
export type Program = {
  readonly does: readonly Step[] | ((started: Started) => readonly Step[]);
  /** Answers over HTTP by `METHOD /path`; the steps alone stand for a 200 of `text/html`. */
  readonly http?: Readonly<Record<string, Reply | readonly Step[]>>;
  /** Answers over plain TCP by the line that is sent. */
  readonly tcp?: Readonly<Record<string, readonly Step[]>>;
};

const MARK = 'world-program=';

/** A program's file: a small ELF file that says which program of the world it is. */
export function binary(name: string, spec: ElfSpec = {}): Uint8Array {
  return buildElf({ flags1: DF_1_PIE, ...spec, data: `${MARK}${name}\0${spec.data ?? ''}` });
}

/** A program's file with its mode, for a tree. */
export function executable(name: string, spec: ElfSpec = {}): { content: Uint8Array; mode: number } {
  return { content: binary(name, spec), mode: 0o755 };
}

/** A shared library for a tree. */
export function library(soname: string, spec: ElfSpec = {}): { content: Uint8Array; mode: number } {
  return { content: buildElf({ soname, ...spec }), mode: 0o644 };
}

/** The program that a file says it is; undefined where it says none. */
export function programIn(content: Uint8Array): string | undefined {
  const text = Buffer.from(content).toString('latin1');
  const at = text.indexOf(MARK);
  return at === -1 ? undefined : text.slice(at + MARK.length, text.indexOf('\0', at));
}
