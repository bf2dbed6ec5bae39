import type { FitnessFact, FitnessKind } from '../strace/fitness.ts';
import type { Trace } from '../strace/read-trace.ts';
import { fixFor, type TraceFitnessCode } from './fitness-fixes.ts';

/** What was seen, the calls that show it and, where it is known, the fix. */
export type TraceFitnessWarning = { readonly code: TraceFitnessCode; readonly message: string };

/**
 * Which warning each fact belongs to. `exec-again` has none: that a start script gives way to its program is reported
 * with the script.
 */
const CODES: Readonly<Record<FitnessKind, TraceFitnessCode | null>> = {
  fork: 'processes',
  vfork: 'processes',
  'exec-child': 'processes',
  'exec-again': null,
  'signal-other': 'signals',
  'signal-self': 'signals',
  'signal-received': 'signals',
  'ipv6-bind': 'ipv6-bind',
  sendfile: 'sendfile',
  reuseport: 'reuse-port',
  setuid: 'user-change',
  'dev-stdout-write': 'dev-stdout',
  netlink: 'missing-calls',
  copy_file_range: 'missing-calls',
  memfd: 'missing-calls',
  mremap: 'missing-calls',
  inotify: 'missing-calls',
  signalfd: 'missing-calls',
  'sysv-ipc': 'missing-calls',
  io_uring: 'missing-calls',
  recvmmsg: 'missing-calls',
  o_tmpfile: 'missing-calls',
  mkfifo: 'missing-calls',
  link: 'missing-calls',
  chroot: 'missing-calls',
};

/** In the order of the warnings: what stops an app first. */
const SENTENCES: Readonly<Record<TraceFitnessCode, string>> = {
  processes: 'the app starts processes, which Unikraft does not support',
  sendfile: 'the app uses sendfile, which Unikraft lacks',
  'ipv6-bind': 'the app listens on IPv6, which Unikraft refuses',
  'reuse-port': 'the app sets SO_REUSEPORT, which Unikraft lacks',
  'user-change': 'the app changes its user, which Unikraft does not support',
  'dev-stdout': 'the app opens a standard stream by name, and Unikraft has no such file',
  signals: 'the app relies on signals, which Unikraft does not deliver',
  'missing-calls': 'the app uses calls that Unikraft lacks',
};

const ORDER = Object.keys(SENTENCES) as TraceFitnessCode[];

/**
 * What a traced app did that fails on Unikraft: at most one warning of each sort. `argv` is the launch's, or
 * the program's that a start script became; the warning says how known programs do without.
 * Calls that were refused already where the app was traced are left out, of every kind: the app has been seen to go on
 * without them, so it may be hoped to do so again.
 */
export function traceFitness(
  { facts }: Pick<Trace, 'facts'>,
  { argv }: { readonly argv: readonly string[] },
): TraceFitnessWarning[] {
  const telling = facts.filter((fact) => !isRefused(fact) && !isEnd(fact));
  return ORDER.flatMap((code) => {
    const shown = oneOfEachKind(telling.filter(({ kind }) => CODES[kind] === code));
    if (shown.length === 0) return [];
    const fix = fixFor(code, argv);
    const evidence = shown.map((fact) => evidenceOf(fact, code === 'missing-calls')).join(', ');
    return [{ code, message: `${SENTENCES[code]}: ${evidence}${fix === null ? '' : `; ${fix}`}` }];
  });
}

/** What a kernel says that lacks a call, forbids it or has no such address; EAGAIN and the like are not among them. */
const REFUSALS: ReadonlySet<string> = new Set(
  'ENOSYS EPERM EACCES EAFNOSUPPORT EADDRNOTAVAIL EOPNOTSUPP ENOTSUP EPROTONOSUPPORT ENOPROTOOPT EINVAL'.split(
    ' ',
  ),
);

function isRefused({ errno }: FitnessFact): boolean {
  return errno !== null && REFUSALS.has(errno);
}

/**
 * Signals that end a program or announce an end. What handles SIGTERM sends it to itself again, to die of it, and
 * what sends it to others has started them, which has a warning. SIGURG is how Go's scheduler interrupts threads, and
 * it does without.
 */
const HARMLESS = /\bSIG(?:TERM|INT|HUP|QUIT|KILL|CHLD|URG)\b/;

function isEnd({ kind, text }: FitnessFact): boolean {
  return CODES[kind] === 'signals' && HARMLESS.test(text);
}

type Shown = Pick<FitnessFact, 'kind' | 'text' | 'count'>;

/** Of each kind the first call, with the number of all, in any process. */
function oneOfEachKind(facts: readonly FitnessFact[]): Shown[] {
  const shown = new Map<FitnessKind, Shown>();
  for (const { kind, text, count } of facts) {
    const known = shown.get(kind);
    shown.set(kind, { kind, text: known?.text ?? text, count: (known?.count ?? 0) + count });
  }
  return [...shown.values()];
}

const MAX_TEXT = 160;

/** Libraries continue without some of them; the warning says so, since nothing has to be fixed. */
const FALLBACKS: Readonly<Partial<Record<FitnessKind, string>>> = {
  mremap: 'realloc works without it',
  netlink: 'getaddrinfo works without it',
  copy_file_range: 'most programs then copy without it',
};

function evidenceOf({ kind, text, count }: Shown, named: boolean): string {
  const notes = [...(count > 1 ? [`${count} times`] : []), ...(named ? [FALLBACKS[kind] ?? []].flat() : [])];
  const shown = shortened(text);
  return `${named ? `${kind} by ` : ''}${shown}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`;
}

/** Without addresses and numbers of sockets, which differ from run to run. */
function shortened(text: string): string {
  const steady = text.replace(/\b0x[0-9a-f]{5,}\b/g, '0x...').replace(/<socket:\[\d+\]>/g, '');
  return steady.length <= MAX_TEXT ? steady : `${steady.slice(0, MAX_TEXT)}...`;
}
