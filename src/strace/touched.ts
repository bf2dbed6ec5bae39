import { detached } from './decode-name.ts';
import type { SyscallEvent } from './event.ts';
import { provesExistence, type TouchKind } from './path-calls.ts';
import type { PathUse } from './path-uses.ts';

/** The place of a call in a log. */
export type CallPlace = { readonly pid: number; readonly syscall: string; readonly line: number };

/** A path that the traced programs touched. */
export type Touch = {
  /**
   * Absolute, free of `.` and doubled slashes. Symbolic links are as the program named them, and so is a `..` behind
   * a name that may be a link: follow it through the root file system. Names are decoded as `decodeName` says.
   */
  readonly path: string;
  /** In order of their first appearance. */
  readonly kinds: readonly TouchKind[];
  /** A program named it so; else it is known only as what the kernel found behind a name or a descriptor. */
  readonly named: boolean;
  /** A symbolic link at its end was followed at least once, as stat(2) does and lstat(2) does not. */
  readonly followed: boolean;
  /** Mapped with PROT_EXEC. */
  readonly executable: boolean;
  /** Where opening it led, as far as that is another path: free of symbolic links. */
  readonly resolvedTo: readonly string[];
  readonly first: CallPlace;
  /** Calls that touched it. */
  readonly count: number;
};

/** A look-up that failed, one for each path and errno. */
export type FailedLookup = {
  /** As `Touch.path`. */
  readonly path: string;
  /** `ENOENT`, `ENOTDIR`, `EACCES`, ... */
  readonly errno: string;
  /** Every such call would have made the path: with ENOENT it is its directory that is missing. */
  readonly making: boolean;
  readonly first: CallPlace;
  readonly count: number;
};

/** The paths of the calls so far, in the order in which their first calls came back. */
export interface TouchRecord {
  add(call: SyscallEvent, use: PathUse): void;
  readonly touched: readonly Touch[];
  readonly failed: readonly FailedLookup[];
}

/** A name leads to more places only where a link is changed all the time; the places themselves are all recorded. */
const MAX_TARGETS = 100;

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer U)[] ? U[] : T[K] };
type How = { readonly kinds: readonly TouchKind[]; readonly named: boolean; readonly follows: boolean };

/** What an entry costs beside its path, in bytes. */
const ENTRY_BYTES = 400;

/** `spend` is called with the bytes that each new entry takes. */
export function createTouchRecord(spend: (bytes: number) => void): TouchRecord {
  const touched = new Map<string, Mutable<Touch>>();
  const failed = new Map<string, Mutable<FailedLookup>>();

  function touch(path: string, call: SyscallEvent, how: How): Mutable<Touch> {
    let entry = touched.get(path);
    if (entry === undefined) {
      spend(ENTRY_BYTES + 2 * path.length);
      entry = untouched(detached(path), call);
      touched.set(entry.path, entry);
    }
    for (const kind of how.kinds) if (!entry.kinds.includes(kind)) entry.kinds.push(kind);
    entry.named ||= how.named;
    entry.followed ||= how.follows;
    entry.count++;
    return entry;
  }

  function found(call: SyscallEvent, use: PathUse): void {
    const entry = touch(use.path, call, use);
    entry.executable ||= use.executable;
    if (use.resolved === null || use.resolved === use.path) return;
    const target = touch(use.resolved, call, { kinds: use.kinds, named: false, follows: false });
    if (entry.resolvedTo.length < MAX_TARGETS && !entry.resolvedTo.includes(target.path))
      entry.resolvedTo.push(target.path);
  }

  function notFound(call: SyscallEvent, use: PathUse, errno: string): void {
    const key = `${errno} ${use.path}`;
    const entry = failed.get(key);
    if (entry !== undefined) {
      entry.count++;
      entry.making &&= use.makes;
      return;
    }
    spend(ENTRY_BYTES + 4 * use.path.length);
    const path = detached(use.path);
    failed.set(detached(key), { path, errno, making: use.makes, first: evidenceOf(call), count: 1 });
  }

  return {
    add(call, use) {
      if (call.errno === null) found(call, use);
      else if (provesExistence(call.errno)) touch(use.path, call, { ...use, kinds: ['stat'] });
      else if (use.named) notFound(call, use, detached(call.errno));
    },
    get touched() {
      return [...touched.values()];
    },
    get failed() {
      return [...failed.values()];
    },
  };
}

function untouched(path: string, call: SyscallEvent): Mutable<Touch> {
  return {
    path,
    kinds: [],
    named: false,
    followed: false,
    executable: false,
    resolvedTo: [],
    first: evidenceOf(call),
    count: 0,
  };
}

function evidenceOf(call: SyscallEvent): CallPlace {
  return { pid: call.pid, syscall: detached(call.name), line: call.line };
}
