/**
 * Calls worth a stop, one group per line. `%file` is every call that takes a file name. Calls that name no file and
 * do not matter for fitness (read, write, close, futex, fstat) run at full speed under `--seccomp-bpf`. `?` lets an
 * architecture lack the call, strace(1).
 */
const TRACED = [
  ['%file', 'fchdir'],
  ['?fork', '?vfork', 'clone', '?clone3'],
  ['?getdents', 'getdents64', 'mmap'],
  ['socket', 'bind', 'connect', 'setsockopt'],
  ['kill', 'tkill', 'tgkill', '?pidfd_send_signal'],
  ['?sendfile', '?sendfile64', '?copy_file_range', '?memfd_create', 'mremap', '?recvmmsg', '?io_uring_setup'],
  ['?inotify_init', 'inotify_init1', '?signalfd', 'signalfd4', '?shmget', '?semget', '?msgget'],
  ['setuid', 'setreuid', 'setresuid'],
] as const;

/** The value of `-e trace=` that the parser's tables are made for. */
export const TRACE_EXPRESSION = TRACED.flat().join(',');

/** How many bytes of a string strace prints: as long as a path can be, PATH_MAX. */
const STRING_BYTES = 4096;

/**
 * The options strace needs for a log that `readTrace` understands; the command to trace follows them.
 * `-o` without `-ff` gives one log with the pid in front of each line, `-y` the path behind each descriptor.
 */
export function straceOptions(logFile: string): string[] {
  const strings = String(STRING_BYTES);
  return ['-f', '-y', '-s', strings, '--seccomp-bpf', '-o', logFile, '-e', `trace=${TRACE_EXPRESSION}`];
}
