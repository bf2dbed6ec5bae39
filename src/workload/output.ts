import type { Container } from '../engine/engine.ts';

/** Standard output is compared whole up to this size; what a program prints beyond it is cut. */
const MAX_BYTES = 4 * 1024 ** 2;
const LAST_LINES = 20;

export type Output = {
  /** Resolves when the program can print no more. */
  readonly ended: Promise<void>;
  readonly stdout: () => string;
  /** The last lines of both channels. */
  readonly last: () => string;
};

/** Collects what a container prints. To be called before its start. */
export async function captureOutput(container: Container): Promise<Output> {
  const stdout: Buffer[] = [];
  const both: Buffer[] = [];
  let stdoutBytes = 0;
  let bothBytes = 0;
  const { ended } = await container.attach(({ stream, data }) => {
    both.push(data);
    bothBytes += data.length;
    while (bothBytes > MAX_BYTES) bothBytes -= both.shift()?.length ?? 0;
    if (stream !== 'stdout' || stdoutBytes >= MAX_BYTES) return;
    // chunks fall as the engine reads: only a cut at the very byte is the same in every run
    const kept = data.subarray(0, MAX_BYTES - stdoutBytes);
    stdoutBytes += kept.length;
    stdout.push(kept);
  });
  return {
    ended,
    stdout: () => Buffer.concat(stdout).toString('utf8'),
    last: () => Buffer.concat(both).toString('utf8').trimEnd().split(/\r?\n/).slice(-LAST_LINES).join('\n'),
  };
}
