/** A system call that ended, or never will: its process died in it, or the log stops before it came back. */
export type SyscallEvent = {
  readonly kind: 'syscall';
  /** Line of the log where the call begins, from 1. */
  readonly line: number;
  readonly pid: number;
  readonly name: string;
  /** What stood between the parentheses, escapes and all: see `splitArguments`. */
  readonly args: string;
  /** What stood after `= `, such as `3</etc/passwd>`, `0`, `?`; null where the call never came back. */
  readonly result: string | null;
  /** `ENOENT`, for a result of -1. */
  readonly errno: string | null;
};

/** A call that others overtook. It comes again, whole, as a `SyscallEvent`. */
export type UnfinishedEvent = {
  readonly kind: 'unfinished';
  readonly line: number;
  readonly pid: number;
  readonly name: string;
  /** The line from the call's name on, as far as it was printed. */
  readonly head: string;
};

/** A signal that was delivered: `--- SIGALRM {si_signo=...} ---`. */
export type SignalEvent = {
  readonly kind: 'signal';
  readonly line: number;
  readonly pid: number;
  readonly signal: string;
  /** The siginfo in braces, unparsed; empty for `--- stopped by SIGSTOP ---`. */
  readonly info: string;
};

export type ExitedEvent = {
  readonly kind: 'exited';
  readonly line: number;
  readonly pid: number;
  readonly code: number;
};

export type KilledEvent = {
  readonly kind: 'killed';
  readonly line: number;
  readonly pid: number;
  readonly signal: string;
  readonly coreDumped: boolean;
};

/** The thread `by` called execve(2) and goes on under `pid`, the number of its thread group, ptrace(2). */
export type SupersededEvent = {
  readonly kind: 'superseded';
  readonly line: number;
  readonly pid: number;
  readonly by: number;
};

export type UnparsedEvent = {
  readonly kind: 'unparsed';
  readonly line: number;
  readonly text: string;
  /** The log ended within this line. */
  readonly truncated: boolean;
};

/** What a log says. Texts are latin1, one character for each byte of the log. */
export type TraceEvent =
  | SyscallEvent
  | UnfinishedEvent
  | SignalEvent
  | ExitedEvent
  | KilledEvent
  | SupersededEvent
  | UnparsedEvent;

/** The second half of an unfinished call: `<... openat resumed>) = 3`. */
export type ResumedLine = {
  readonly kind: 'resumed';
  readonly line: number;
  readonly pid: number;
  readonly name: string;
  /** What follows `resumed>`. */
  readonly tail: string;
};
