import { randomBytes } from 'node:crypto';
import { Duplex } from 'node:stream';
import { SIDECAR_BUSYBOX } from './helper-images.ts';

/** A connection beside the question: what it sends, and how it ends. */
export type PassingConnection = {
  readonly port: number;
  readonly send: string;
  /**
   * `at-once`: it closes as soon as the text is sent. `unread`: it closes when the first byte of an answer has come,
   * with the rest unread, which the app sees as a reset (RFC 2525 section 2.17). `stays`: it is open while the app is
   * asked.
   */
  readonly end: 'at-once' | 'unread' | 'stays';
};

/**
 * Connections to an app's loopback, one at a time, over one program in the sidecar: to start a program for each takes
 * an engine longer than an app takes to answer.
 */
export interface ConnectionLine extends Disposable {
  /** A connection to a port; it ends the one before it. Where nothing listens it ends without any data. */
  connect(port: number): Duplex;
  /** Makes another connection; the next `connect` waits for its end, or, where it stays, for its beginning. */
  passBy(connection: PassingConnection): void;
}

/** Starts what is between a connection's bytes and the end of that connection in the program's output. */
const RECORD = '\x1e';

/** For so many seconds a connection stays beside the next one. */
const STAY_SECONDS = '0.1';

/** For so many seconds a connection that leaves waits for the first byte of an answer. */
const FIRST_BYTE_SECONDS = '1';

/**
 * What a passing connection does once connected, its socket being standard input and output: where it stays, a program
 * behind this one holds it, so that it is there before the next one is made.
 */
const PASSING = `printf %b "$3"
case $2 in
  unread) exec "$1" timeout ${FIRST_BYTE_SECONDS} "$1" dd bs=1 count=1 of=/dev/null 2>/dev/null ;;
  stays) "$1" sleep ${STAY_SECONDS} & ;;
esac`;

/**
 * Obeys lines: `open PORT`, `send TEXT`, `shut` for one connection after the other, and `pass PORT END TEXT`. The
 * program opens the output of `nc` by name, and `nc` does not: its reader sees an end also where `nc` is killed at
 * once.
 */
const OBEY = `b=${SIDECAR_BUSYBOX} mark=$1 passing=$2 in=/in-$1 out=/out-$1
trap '' PIPE
$b mkfifo $in $out
pass() { exec $b nc 127.0.0.1 "$1" -e $b sh -c "$passing" sh $b "$2" "$3" </dev/null >/dev/null 2>&1; }
while read -r verb first second third; do
  case $verb in
    open) { $b cat $out; printf '\\036%s' "$mark"; } & reader=$!
      exec 7>$out
      $b nc 127.0.0.1 "$first" <$in >&7 7>&- 2>/dev/null & client=$!
      exec 7>&- 6>$in ;;
    send) printf %b "$first" >&6 ;;
    shut) exec 6>&-; kill -9 $client 2>/dev/null; wait $client $reader ;;
    pass) (pass "$first" "$second" "$third") ;;
  esac
done
$b rm -f $in $out`;

/** Opens a line over a program that is started inside the sidecar. */
export async function openLine(start: (argv: readonly string[]) => Promise<Duplex>): Promise<ConnectionLine> {
  const mark = randomBytes(16).toString('hex');
  const argv = [SIDECAR_BUSYBOX, 'sh', '-c', OBEY, 'sh', mark, PASSING];
  return lineOver(await start(argv), mark);
}

function lineOver(program: Duplex, mark: string): ConnectionLine {
  /** Those whose end was not seen yet; what comes belongs to the first. */
  const open: Duplex[] = [];
  let last: Duplex | undefined;
  const obey = (line: string, done?: () => void) => void program.write(`${line}\n`, () => done?.());
  const split = splitter(Buffer.from(`${RECORD}${mark}`), {
    onBytes: (bytes) => void (open[0]?.destroyed === false && open[0].push(bytes)),
    onMark: () => void open.shift()?.push(null),
  });
  program.on('data', split);
  program.on('error', () => undefined);
  program.once('close', () => {
    for (const connection of open.splice(0)) connection.destroy();
  });
  return {
    connect(port) {
      last?.destroy();
      obey(`open ${port}`);
      const connection = new Duplex({
        // what comes is pushed as it comes: answers to probes are small
        read: () => undefined,
        write: (chunk: Buffer, _, done) => obey(`send ${escaped(chunk)}`, done),
        destroy(error, done) {
          obey('shut');
          done(error);
        },
      });
      connection.on('error', () => undefined);
      open.push(connection);
      last = connection;
      return connection;
    },
    passBy({ port, send, end }) {
      last?.destroy();
      obey(`pass ${port} ${end} ${escaped(Buffer.from(send, 'latin1'))}`);
    },
    [Symbol.dispose]: () => void program.destroy(),
  };
}

/** Cuts a stream of bytes at each mark; a beginning of a mark waits for what follows it. */
function splitter(
  mark: Buffer,
  { onBytes, onMark }: { onBytes: (bytes: Buffer) => void; onMark: () => void },
): (chunk: Buffer) => void {
  let held = Buffer.alloc(0);
  return (chunk) => {
    held = Buffer.concat([held, chunk]);
    for (let at = held.indexOf(mark); at !== -1; at = held.indexOf(mark)) {
      if (at > 0) onBytes(held.subarray(0, at));
      onMark();
      held = held.subarray(at + mark.length);
    }
    const start = held.lastIndexOf(RECORD);
    const isBeginning = start !== -1 && mark.subarray(0, held.length - start).equals(held.subarray(start));
    const whole = isBeginning ? start : held.length;
    if (whole > 0) onBytes(held.subarray(0, whole));
    held = held.subarray(whole);
  };
}

/** Bytes as one word for `printf %b`, POSIX printf(1). */
function escaped(bytes: Buffer): string {
  const words: string[] = [];
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    words.push(/[A-Za-z0-9]/.test(character) ? character : `\\0${byte.toString(8).padStart(3, '0')}`);
  }
  return words.join('');
}
