import { readTrace, type Trace } from '../../src/strace/read-trace.ts';
import type { FailedLookup, Touch } from '../../src/strace/touched.ts';

type LogOptions = { readonly chunkBytes?: number; readonly cwd?: string };

/** Reads a log given in chunks of this many bytes. */
export function traceOf(log: Uint8Array | string, options: LogOptions = {}): Promise<Trace> {
  const { chunkBytes = 65536, cwd = '/' } = options;
  const bytes = typeof log === 'string' ? Buffer.from(log, 'latin1') : log;
  return readTrace(chunksOf(bytes, chunkBytes), { cwd });
}

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** A trace as a text to read: one line for each path, failed look-up, process, program and fact. */
export function traceTable(trace: Trace): string {
  const { log } = trace;
  return [
    '# touched: line, path, kinds, count',
    ...trace.touched.map(touchLine),
    '',
    '# failed',
    ...trace.failed.map(failedLine),
    '',
    '# processes',
    ...trace.processes.flatMap((process) => [
      `${process.line} ${process.pid} ${process.thread ? `thread of ${process.group}` : 'process'} ${
        process.startedBy ?? 'started'
      } by ${process.parent ?? 'strace'}: ${process.end === null ? 'runs' : Object.values(process.end).join(' ')}`,
      ...process.programs.map(
        ({ line, path, argv }) => `  ${line} ${printable(path)} ${JSON.stringify(argv)}`,
      ),
    ]),
    '',
    '# facts',
    ...trace.facts.map(
      (fact) => `${fact.line} ${fact.pid} ${fact.kind} x${fact.count} ${fact.errno ?? ''}: ${fact.text}`,
    ),
    '',
    `# log: ${log.lines} lines, ${log.unparsed} unparsed, ${log.unfinished} unfinished, truncated: ${log.truncated}`,
    '',
  ].join('\n');
}

function touchLine(touch: Touch): string {
  const marks = [
    ...(touch.named ? [] : ['unnamed']),
    ...(touch.followed ? [] : ['unfollowed']),
    ...(touch.executable ? ['executable'] : []),
    ...touch.resolvedTo.map((path) => `-> ${printable(path)}`),
  ];
  return `${touch.first.line} ${printable(touch.path)} ${touch.kinds.join(',')} x${touch.count} ${marks.join(' ')}`.trim();
}

function failedLine({ path, errno, making, first, count }: FailedLookup): string {
  return `${first.line} ${printable(path)} ${errno} ${first.syscall} x${count}${making ? ' making' : ''}`;
}

/** Quoted where the path holds more than plain ASCII; runs of n are shortened. */
function printable(path: string): string {
  const short = path.replace(/n{20,}/g, (run) => `n*${run.length}`);
  return /^[!-~]+$/.test(short)
    ? short
    : JSON.stringify(short).replace(
        /[^ -~]/g,
        (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
}
