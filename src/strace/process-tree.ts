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

type State = {
  /** The first process's working directory. */
  readonly cwd: string;
  readonly spend: (bytes: number) => void;
  readonly all: LiveProcess[];
  readonly live: Map<number, LiveProcess>;
  readonly startsUnderWay: Map<number, UnfinishedEvent>;
};

/**
 * `cwd` is the first process's working directory: an absolute path without symbolic links. `spend` is called with the
 * bytes that each new process takes.
 */
export function createProcessTree(cwd: string, spend: (bytes: number) => void): ProcessTree {
  const all: LiveProcess[] = [];
  const state: State = { cwd, spend, all, live: new Map(), startsUnderWay: new Map() };
  return {
    all,
    of: (event) => processOf(state, event),
    follow: (event) => follow(state, event),
  };
}

type Place = { readonly pid: number; readonly line: number };

function add(
  state: State,
  { pid, line }: Place,
  start: { pid: number; name: string; args: string } | null,
): LiveProcess {
  const parent = start === null ? undefined : state.live.get(start.pid);
  const thread = start !== null && startsThread(start.args);
  const surroundings = parent?.surroundings ?? {
    cwd: physicalDirectory(state.cwd),
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
  state.spend(PROCESS_BYTES);
  state.all.push(process);
  state.live.set(pid, process);
  return process;
}

/** The log can show a child before its parent's clone comes back, and always does so for vfork. */
function adopt(state: State, place: Place): LiveProcess {
  const [begun] = state.startsUnderWay.values();
  if (begun === undefined) return add(state, place, null);
  state.startsUnderWay.delete(begun.pid);
  return add(state, place, { pid: begun.pid, name: begun.name, args: begun.head });
}

function started(state: State, call: SyscallEvent): void {
  state.startsUnderWay.delete(call.pid);
  const pid = Number.parseInt(call.result ?? '', 10);
  if (!(pid > 0)) return;
  processOf(state, call);
  const known = state.live.get(pid);
  if (known === undefined || known.confirmed) add(state, { pid, line: call.line }, call).confirmed = true;
  else confirm(state, known, call);
}

/** Of several clones under way `adopt` may have guessed the wrong one. */
function confirm(state: State, child: LiveProcess, call: SyscallEvent): void {
  child.confirmed = true;
  child.parent = call.pid;
  child.startedBy = call.name;
  child.thread = startsThread(call.args);
  child.group = child.thread ? processOf(state, call).group : child.pid;
}

function superseded(state: State, process: LiveProcess, by: LiveProcess): void {
  process.surroundings = by.surroundings;
  by.end = { kind: 'superseded' };
  state.live.delete(by.pid);
}

function processOf(state: State, event: Place): LiveProcess {
  const known = state.live.get(event.pid);
  const numberUsedAgain = known !== undefined && known.end !== null && state.startsUnderWay.size > 0;
  return known === undefined || numberUsedAgain ? adopt(state, event) : known;
}

function follow(state: State, event: TraceEvent): void {
  switch (event.kind) {
    case 'unfinished':
      processOf(state, event);
      if (isStart(event.name)) state.startsUnderWay.set(event.pid, event);
      break;
    case 'syscall':
      if (isStart(event.name)) started(state, event);
      break;
    case 'superseded':
      if (event.by !== event.pid)
        superseded(state, processOf(state, event), processOf(state, { pid: event.by, line: event.line }));
      break;
    case 'exited':
      processOf(state, event).end = { kind: 'exited', code: event.code };
      break;
    case 'killed':
      processOf(state, event).end = { kind: 'killed', signal: event.signal };
      break;
  }
}
