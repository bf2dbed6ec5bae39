import type { SyscallEvent, TraceEvent, UnfinishedEvent } from './event.ts';
import { parseCall, type TraceLine, unparsed } from './parse-line.ts';

/** Puts the two halves of interrupted calls together; each process has at most one call in progress. */
export interface CallJoiner {
  /** What a line amounts to, in order: mostly itself. */
  add(line: TraceLine, emit: (event: TraceEvent) => void): void;
  /** The log is over: calls under way are emitted with result null. Gives their number. */
  end(emit: (event: TraceEvent) => void): number;
}

export function createCallJoiner(): CallJoiner {
  const underWay = new Map<number, UnfinishedEvent>();

  function abandon(pid: number, emit: (event: TraceEvent) => void): void {
    const begun = underWay.get(pid);
    if (begun === undefined) return;
    underWay.delete(pid);
    emit(abandoned(begun));
  }

  return {
    add(line, emit) {
      switch (line.kind) {
        case 'syscall':
        case 'signal':
        case 'unparsed':
          return emit(line);
        case 'unfinished':
          abandon(line.pid, emit);
          underWay.set(line.pid, line);
          return emit(line);
        case 'resumed': {
          const begun = underWay.get(line.pid);
          const joined = begun?.name === line.name ? join(begun, line.tail, line.pid) : null;
          if (joined === null) return emit(unparsed(`<... ${line.name} resumed>${line.tail}`, line.line));
          underWay.delete(line.pid);
          return emit(joined);
        }
        case 'superseded': {
          const begun = underWay.get(line.by);
          abandon(line.pid, emit);
          underWay.delete(line.by);
          if (begun !== undefined) underWay.set(line.pid, begun);
          return emit(line);
        }
        case 'exited':
        case 'killed':
          abandon(line.pid, emit);
          return emit(line);
      }
    },
    end(emit) {
      const open = [...underWay.values()];
      underWay.clear();
      for (const begun of open) emit(abandoned(begun));
      return open.length;
    },
  };
}

function join(begun: UnfinishedEvent, tail: string, pid: number): SyscallEvent | null {
  const rest = tail.startsWith(' <unfinished ...>)') ? tail.slice(' <unfinished ...>'.length) : tail;
  return parseCall(begun.head + rest, 0, pid, begun.line);
}

function abandoned(begun: UnfinishedEvent): SyscallEvent {
  const { line, pid, name } = begun;
  const args = begun.head.slice(name.length + 1);
  return { kind: 'syscall', line, pid, name, args, result: null, errno: null };
}
