import { type BaseDirectory, physicalDirectory } from './absolute-text.ts';
import type { SyscallEvent, TraceEvent, UnfinishedEvent } from './event.ts';

/** How a process or thread ended; `superseded`: a thread that went on as its group's leader by execve(2). */
export type ProcessEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: string }
  | { readonly kind: 'superseded' };

/** A program that a process became. */
export type ExecutedProgram = {
  readonly line: number;
  /** Absolute, as `Touch.path` is. */
  readonly path: string;
  readonly argv: readonly string[];
};

export type TracedProcess = {
  readonly pid: number;
  /** The process that started it; null for the first. */
  readonly parent: number | null;
  /** A thread of the process `group` (CLONE_THREAD); a process is its own group. */
  readonly thread: boolean;
  readonly group: number;
  /** `fork`, `vfork`, `clone` or `clone3`; null for the first. */
  readonly startedBy: string | null;
  /** Where the log mentions it first. */
  readonly line: number;
  readonly programs: readonly ExecutedProgram[];
  /** Null where it still ran when the log ended. */
  readonly end: ProcessEnd | null;
};

/** Working directory and root, shared by all that were cloned with CLONE_FS. */
export type ProcessSurroundings = { cwd: BaseDirectory; root: BaseDirectory };

/** A process while the log is read. */
export type LiveProcess = { -readonly [K in keyof TracedProcess]: TracedProcess[K] } & {
  readonly programs: ExecutedProgram[];
  surroundings: ProcessSurroundings;
  /** Whether the call that started it has come back. */
  confirmed: boolean;
};

export interface ProcessTree {
  /** The process of an event; one never heard of is taken for the child of a clone under way. */
  of(event: { readonly pid: number; readonly line: number }): LiveProcess;
  /** Follows starts and ends. */
  follow(event: TraceEvent): void;
  readonly all: readonly LiveProcess[];
}

/** What a process costs beside its programs. */
const PROCESS_BYTES = 500;

const STARTS = new Set(['fork', 'vfork', 'clone', 'clone3']);

/** Whether the call starts a process or a thread. */
export function isStart(name: string): boolean {
  return STARTS.has(name);
}

/** Whether this fork, vfork or clone starts a thread of the same process. */
export function startsThread(args: string): boolean {
  return args.includes('CLONE_THREAD');
}

/**
 * `cwd` is the first process's working directory: an absolute path without symbolic links. `spend` is called with the
 * bytes that each new process takes.
 */
export function createProcessTree(cwd: string, spend: (bytes: number) => void): ProcessTree {
  const all: LiveProcess[] = [];
  const live = new Map<number, LiveProcess>();
  const startsUnderWay = new Map<number, UnfinishedEvent>();

  function add(pid: number, line: number, start: { pid: number; name: string; args: string } | null) {
    const parent = start === null ? undefined : live.get(start.pid);
    const thread = start !== null && startsThread(start.args);
    const surroundings = parent?.surroundings ?? {
      cwd: physicalDirectory(cwd),
      root: physicalDirectory('/'),
    };
    const process: LiveProcess = {
      pid,
      parent: parent?.pid ?? null,
      thread,
      group: thread && parent !== undefined ? parent.group : pid,
      startedBy: start?.name ?? null,
      line,
      programs: [],
      end: null,
      surroundings: start?.args.includes('CLONE_FS') ? surroundings : { ...surroundings },
      confirmed: start === null,
    };
    spend(PROCESS_BYTES);
    all.push(process);
    live.set(pid, process);
    return process;
  }

  /** The log can show a child before its parent's clone comes back, and always does so for vfork. */
  function adopt(pid: number, line: number): LiveProcess {
    const [begun] = startsUnderWay.values();
    if (begun === undefined) return add(pid, line, null);
    startsUnderWay.delete(begun.pid);
    return add(pid, line, { pid: begun.pid, name: begun.name, args: begun.head });
  }

  function started(call: SyscallEvent): void {
    startsUnderWay.delete(call.pid);
    const pid = Number.parseInt(call.result ?? '', 10);
    if (!(pid > 0)) return;
    of(call);
    const known = live.get(pid);
    if (known === undefined || known.confirmed) add(pid, call.line, call).confirmed = true;
    else confirm(known, call);
  }

  /** Of several clones under way `adopt` may have guessed the wrong one. */
  function confirm(child: LiveProcess, call: SyscallEvent): void {
    child.confirmed = true;
    child.parent = call.pid;
    child.startedBy = call.name;
    child.thread = startsThread(call.args);
    child.group = child.thread ? of(call).group : child.pid;
  }

  function superseded(process: LiveProcess, by: LiveProcess): void {
    process.surroundings = by.surroundings;
    by.end = { kind: 'superseded' };
    live.delete(by.pid);
  }

  function of(event: { readonly pid: number; readonly line: number }): LiveProcess {
    const known = live.get(event.pid);
    const numberUsedAgain = known !== undefined && known.end !== null && startsUnderWay.size > 0;
    return known === undefined || numberUsedAgain ? adopt(event.pid, event.line) : known;
  }

  return {
    of,
    all,
    follow(event) {
      switch (event.kind) {
        case 'unfinished':
          of(event);
          if (isStart(event.name)) startsUnderWay.set(event.pid, event);
          break;
        case 'syscall':
          if (isStart(event.name)) started(event);
          break;
        case 'superseded':
          if (event.by !== event.pid) superseded(of(event), of({ pid: event.by, line: event.line }));
          break;
        case 'exited':
          of(event).end = { kind: 'exited', code: event.code };
          break;
        case 'killed':
          of(event).end = { kind: 'killed', signal: event.signal };
          break;
      }
    },
  };
}
