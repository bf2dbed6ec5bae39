// Reads a trace of failing opens by the build, in a process whose heap the test bounds: node read-trace.mjs LINES NAMES

import { readTrace } from '../../dist/strace/read-trace.js';

const [lines, names] = process.argv.slice(2).map(Number);
const LONG = 'n'.repeat(3900);

async function* log() {
  yield Buffer.from('1 execve("/a", ["/a"], 0x1) = 0\n');
  for (let at = 0; at < lines; at += 1) {
    yield Buffer.from(
      `1 openat(AT_FDCWD</>, "/${at % names}${LONG}", O_RDONLY) = -1 ENOENT (No such file)\n`,
    );
  }
}

const outcome = await readTrace(log()).then(
  ({ failed }) => ({ failed: failed.length, count: failed.reduce((sum, { count }) => sum + count, 0) }),
  ({ code, message }) => ({ code, message }),
);
process.stdout.write(JSON.stringify(outcome));
