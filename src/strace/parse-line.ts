import type { ResumedLine, SyscallEvent, TraceEvent } from './event.ts';
import { closingParenthesis } from './split-arguments.ts';

const UNFINISHED = ' <unfinished ...>';

/** What one line says: an event, or the second half of a call that was interrupted. */
export type TraceLine = TraceEvent | ResumedLine;

/**
 * Reads one line of `strace -f -o`, without its line feed: `PID `, then a call, a signal or an end. Checked with 6.1;
 * its NEWS up to 7.2 names no change of these lines.
 * Never throws: what it does not know is `unparsed`.
 */
export function parseLine(text: string, line: number): TraceLine {
  let at = 0;
  let pid = 0;
  for (let code = text.charCodeAt(0); code >= 0x30 && code <= 0x39 && at < 10; code = text.charCodeAt(at)) {
    pid = pid * 10 + code - 0x30;
    at++;
  }
  const digits = at;
  while (text.charCodeAt(at) === 0x20) at++;
  if (digits > 0 && at > digits) {
    const parsed = parseRest(text, at, pid, line);
    if (parsed !== null) return parsed;
  }
  return unparsed(text, line);
}

export function unparsed(text: string, line: number, truncated = false): TraceEvent {
  return { kind: 'unparsed', line, text, truncated };
}

/** Reads the line of a call from its name on, `openat(...) = 3`: also one put together of its two halves. */
export function parseCall(text: string, from: number, pid: number, line: number): SyscallEvent | null {
  const open = endOfCallName(text, from);
  if (open < 0) return null;
  const equals = resultStart(text, open);
  if (equals < 0) return null;
  let close = equals - 1;
  while (text.charCodeAt(close) === 0x20) close--;
  const result = text.slice(equals + 3);
  const args = text.slice(open + 1, close);
  return { kind: 'syscall', line, pid, name: text.slice(from, open), args, result, errno: errnoOf(result) };
}

function parseRest(text: string, at: number, pid: number, line: number): TraceLine | null {
  switch (text.charCodeAt(at)) {
    case 0x3c:
      return parseResumed(text, at, pid, line);
    case 0x2b:
      return parseEnd(text.slice(at), pid, line);
    case 0x2d:
      return parseSignal(text.slice(at), pid, line);
  }
  if (text.charCodeAt(text.length - 1) === 0x3e) {
    const head = unfinishedHead(text, at);
    const open = endOfCallName(text, at);
    if (head !== null && open >= 0) {
      return { kind: 'unfinished', line, pid, name: text.slice(at, open), head };
    }
  }
  return parseCall(text, at, pid, line);
}

/** The begun call before `<unfinished ...>`, or before `<pid changed to N ...>` where a thread calls execve(2). */
function unfinishedHead(text: string, at: number): string | null {
  if (text.endsWith(UNFINISHED)) return text.slice(at, -UNFINISHED.length);
  const changed = text.endsWith(' ...>') ? / <pid changed to \d+ \.\.\.>$/.exec(text) : null;
  return changed === null ? null : text.slice(at, changed.index);
}

/** Where the parenthesis behind a call's name opens, or -1. Unknown calls are named `syscall_0x1b8`. */
function endOfCallName(text: string, from: number): number {
  for (let at = from; ; at++) {
    const code = text.charCodeAt(at);
    const named = (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x5f;
    if (!named) return code === 0x28 && at > from ? at : -1;
  }
}

/**
 * Where ` = RESULT` starts behind the call's closing parenthesis, or -1. The last ` = ` of the line is nearly always
 * it; a file name in the result can hold one too (`= 3</a) = 5>`), and only then the arguments are walked through.
 */
function resultStart(text: string, open: number): number {
  const last = text.lastIndexOf(' = ');
  if (last < open) return -1;
  if (closesBefore(text, last) && isResult(text, last + 3)) return last;
  const close = closingParenthesis(text, open + 1);
  if (close < 0) return -1;
  let at = close + 1;
  while (text.charCodeAt(at) === 0x20) at++;
  return text.startsWith('= ', at) && at > close + 1 ? at - 1 : -1;
}

function closesBefore(text: string, equals: number): boolean {
  let at = equals - 1;
  while (text.charCodeAt(at) === 0x20) at--;
  return text.charCodeAt(at) === 0x29;
}

/** Whether a result can start here: a number or `?`, then nothing, a path in angle brackets, or words in none. */
function isResult(text: string, from: number): boolean {
  let at = from;
  let code = text.charCodeAt(at);
  if (code === 0x3f) at++;
  else {
    if (code === 0x2d) code = text.charCodeAt(++at);
    const digits = at;
    while (isNumeral(code)) code = text.charCodeAt(++at);
    if (at === digits) return false;
  }
  if (at === text.length) return true;
  if (text.charCodeAt(at) === 0x3c) return true;
  if (text.charCodeAt(at) !== 0x20) return false;
  return text.indexOf('>', at) < 0 || text.endsWith(' <unavailable>');
}

/** Digits of decimal and of `0x...`. */
function isNumeral(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66) || code === 0x78;
}

function errnoOf(result: string): string | null {
  if (!result.startsWith('-1 ')) return null;
  const end = result.indexOf(' ', 3);
  return end < 0 ? result.slice(3) : result.slice(3, end);
}

function parseResumed(text: string, at: number, pid: number, line: number): ResumedLine | null {
  const mark = text.indexOf(' resumed>', at);
  if (mark < 0 || !text.startsWith('<... ', at)) return null;
  const tail = text.slice(mark + ' resumed>'.length);
  return { kind: 'resumed', line, pid, name: text.slice(at + 5, mark), tail };
}

function parseEnd(text: string, pid: number, line: number): TraceEvent | null {
  const exited = /^\+\+\+ exited with (\d+) \+\+\+$/.exec(text);
  if (exited !== null) return { kind: 'exited', line, pid, code: Number(exited[1]) };
  const killed = /^\+\+\+ killed by (\w+)( \(core dumped\))? \+\+\+$/.exec(text);
  if (killed?.[1] !== undefined) {
    return { kind: 'killed', line, pid, signal: killed[1], coreDumped: killed[2] !== undefined };
  }
  const superseded = /^\+\+\+ superseded by execve in pid (\d+) \+\+\+$/.exec(text);
  return superseded === null ? null : { kind: 'superseded', line, pid, by: Number(superseded[1]) };
}

function parseSignal(text: string, pid: number, line: number): TraceEvent | null {
  const match = /^--- (?:stopped by )?(SIG\w+)(?: (\{.*\}))? ---$/.exec(text);
  return match?.[1] === undefined
    ? null
    : { kind: 'signal', line, pid, signal: match[1], info: match[2] ?? '' };
}
