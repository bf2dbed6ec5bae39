import { descriptorPath, stringOf } from './argument.ts';
import { detached } from './decode-name.ts';
import type { SignalEvent, SyscallEvent } from './event.ts';
import { has, OPEN_CALLS, openMode } from './path-calls.ts';
import { isStart, type LiveProcess, startsThread } from './process-tree.ts';

/**
 * What a program did that Unikraft's base has not: measured on kernels 0.16 and 0.17 with app-elfloader, or known
 * from the catalog's troubles.
 */
export const FITNESS_KINDS = [
  'fork',
  'vfork',
  /** A child became another program. */
  'exec-child',
  /** The first process became another program, as a start script does. */
  'exec-again',
  /** A signal to another process. */
  'signal-other',
  /** A signal to itself, or among its threads. */
  'signal-self',
  /** A signal from the kernel: a timer, a crash. */
  'signal-received',
  'ipv6-bind',
  'netlink',
  'reuseport',
  'sendfile',
  'copy_file_range',
  'memfd',
  'mremap',
  'inotify',
  'signalfd',
  'sysv-ipc',
  'io_uring',
  'recvmmsg',
  'o_tmpfile',
  'mkfifo',
  'link',
  'chroot',
  /** To a user other than root. */
  'setuid',
  /** Standard output or error opened for writing by name. */
  'dev-stdout-write',
] as const;
export type FitnessKind = (typeof FITNESS_KINDS)[number];

/** One for each kind, process and outcome and, of binds, writes and signals, what was bound, written or sent. */
export type FitnessFact = {
  readonly kind: FitnessKind;
  readonly pid: number;
  readonly line: number;
  /** The call or signal as strace printed it, without the pid, at most 200 characters. */
  readonly text: string;
  /** The program was refused already where it was traced. */
  readonly errno: string | null;
  readonly count: number;
};

const MAX_TEXT = 200;

type Rule = (args: readonly string[], process: LiveProcess) => FitnessKind | null;

const always =
  (kind: FitnessKind): Rule =>
  () =>
    kind;
const signals =
  (target: number, signal: number): Rule =>
  (args, process) =>
    args[signal] === '0' ? null : Number(args[target]) === process.group ? 'signal-self' : 'signal-other';
const changesUser: Rule = (args) => (args.some((id) => id !== '0' && id !== '-1') ? 'setuid' : null);
const executes: Rule = (_, process) =>
  process.parent !== null && !process.thread
    ? 'exec-child'
    : process.programs.length > 0
      ? 'exec-again'
      : null;

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['execve', executes],
  ['execveat', executes],
  ['kill', signals(0, 1)],
  ['tgkill', signals(0, 2)],
  ['tkill', (args, process) => (Number(args[0]) === process.pid ? 'signal-self' : 'signal-other')],
  ['pidfd_send_signal', always('signal-other')],
  ['bind', (args) => (args[1]?.startsWith('{sa_family=AF_INET6') ? 'ipv6-bind' : null)],
  ['socket', (args) => (args[0] === 'AF_NETLINK' ? 'netlink' : null)],
  ['setsockopt', (args) => (args[2] === 'SO_REUSEPORT' && args[3] !== '[0]' ? 'reuseport' : null)],
  ['sendfile', always('sendfile')],
  ['sendfile64', always('sendfile')],
  ['copy_file_range', always('copy_file_range')],
  ['memfd_create', always('memfd')],
  ['mremap', always('mremap')],
  ['inotify_init', always('inotify')],
  ['inotify_init1', always('inotify')],
  ['signalfd', always('signalfd')],
  ['signalfd4', always('signalfd')],
  ['shmget', always('sysv-ipc')],
  ['semget', always('sysv-ipc')],
  ['msgget', always('sysv-ipc')],
  ['io_uring_setup', always('io_uring')],
  ['recvmmsg', always('recvmmsg')],
  ['mknod', (args) => (args[1]?.startsWith('S_IFIFO') ? 'mkfifo' : null)],
  ['mknodat', (args) => (args[2]?.startsWith('S_IFIFO') ? 'mkfifo' : null)],
  ['link', always('link')],
  ['linkat', always('link')],
  ['chroot', always('chroot')],
  ['setuid', changesUser],
  ['setreuid', changesUser],
  ['setresuid', changesUser],
]);

const STANDARD_STREAM = /^\/(?:dev\/(?:stdout|stderr|fd\/[12])|proc\/(?:self|\d+)\/fd\/[12])$/;

/** Whether calls of this name matter for fitness. */
export function concernsFitness(name: string): boolean {
  return RULES.has(name) || OPEN_CALLS.has(name) || isStart(name);
}

export interface FitnessRecord {
  /** Looks at a call before the process follows it. `args` are its arguments, split. */
  add(call: SyscallEvent, args: readonly string[], process: LiveProcess): void;
  addSignal(signal: SignalEvent): void;
  readonly facts: readonly FitnessFact[];
}

/** `spend` is called with the bytes that each new fact takes. */
export function createFitnessRecord(spend: (bytes: number) => void): FitnessRecord {
  const facts = new Map<string, { -readonly [K in keyof FitnessFact]: FitnessFact[K] }>();

  function record(kind: FitnessKind, aim: string, fact: Omit<FitnessFact, 'kind' | 'count'>): void {
    const key = `${kind} ${fact.pid} ${fact.errno} ${aim}`;
    const known = facts.get(key);
    if (known !== undefined) known.count++;
    else {
      spend(2 * (MAX_TEXT + key.length + MAX_TEXT));
      facts.set(detached(key), { kind, ...fact, text: detached(fact.text.slice(0, MAX_TEXT)), count: 1 });
    }
  }

  return {
    add(call, args, process) {
      const kind = kindOf(call, args, process);
      if (kind === null) return;
      const { pid, line, errno } = call;
      record(kind, aimOf(kind, args), {
        pid,
        line,
        text: textOf(call),
        errno: errno === null ? null : detached(errno),
      });
    },
    addSignal({ signal, info, pid, line }) {
      if (info === '' || info.includes('si_pid=') || signal === 'SIGWINCH') return;
      record('signal-received', signal, { pid, line, text: `--- ${signal} ${info} ---`, errno: null });
    },
    get facts() {
      return [...facts.values()];
    },
  };
}

function aimOf(kind: FitnessKind, args: readonly string[]): string {
  if (kind === 'ipv6-bind' || kind === 'dev-stdout-write') return args[1] ?? '';
  return kind === 'signal-self' || kind === 'signal-other'
    ? (args.find((arg) => SIGNAL.test(arg)) ?? '')
    : '';
}

/** As strace prints signals: `SIGTERM`, `SIGRT_1`. */
const SIGNAL = /^SIG[A-Z]/;

function kindOf(call: SyscallEvent, args: readonly string[], process: LiveProcess): FitnessKind | null {
  if (isStart(call.name)) {
    if (startsThread(call.args)) return null;
    return call.name === 'vfork' || call.args.includes('CLONE_VFORK') ? 'vfork' : 'fork';
  }
  const place = OPEN_CALLS.get(call.name);
  if (place !== undefined) return kindOfOpen(call, args, place.path);
  const fails = call.errno !== null && (call.name.startsWith('exec') || call.name.startsWith('link'));
  return fails ? null : (RULES.get(call.name)?.(args, process) ?? null);
}

function kindOfOpen(call: SyscallEvent, args: readonly string[], path: number): FitnessKind | null {
  const flags = call.name === 'creat' ? 'O_WRONLY' : (args[path + 1] ?? '');
  if (has(flags, 'O_TMPFILE')) return 'o_tmpfile';
  if (call.errno !== null || !openMode(flags).kinds.includes('written')) return null;
  const name = stringOf(args[path]) ?? '';
  const found = descriptorPath(call.result)?.path ?? '';
  return STANDARD_STREAM.test(name) || STANDARD_STREAM.test(found) ? 'dev-stdout-write' : null;
}

function textOf(call: SyscallEvent): string {
  return `${call.name}(${call.args}) = ${call.result ?? '?'}`;
}
