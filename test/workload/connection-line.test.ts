import { Duplex } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { type ConnectionLine, openLine } from '../../src/workload/connection-line.ts';

/** A program in a sidecar that gets lines, and prints what the test says. */
async function lineOf(): Promise<{
  line: ConnectionLine;
  lines: string[];
  prints: (...parts: readonly (string | Buffer)[]) => void;
  /** What the program prints behind a connection. */
  end: string;
  program: Duplex;
}> {
  const lines: string[] = [];
  const program = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _, done) {
      lines.push(...chunk.toString().trimEnd().split('\n'));
      done();
    },
  });
  let end = '';
  const line = await openLine(async (argv) => {
    end = `\x1e${argv[5]}`;
    return program;
  });
  const prints = (...parts: readonly (string | Buffer)[]) => {
    for (const part of parts) program.push(part);
  };
  return { line, lines, prints, end, program };
}

describe('a connection', () => {
  test('sends every byte as one word, and is shut when it is done with', async () => {
    const { line, lines, end, prints } = await lineOf();
    const connection = line.connect(80);
    connection.write(Buffer.from('GET /\r\n\0'));
    prints('answer', end);
    expect(await text(connection)).toBe('answer');
    connection.destroy();
    expect(lines).toEqual(['open 80', 'send GET\\0040\\0057\\0015\\0012\\0000', 'shut']);
  });

  test('ends where the program says so, wherever its output is cut', async () => {
    for (let cut = 1; cut < 80; cut += 1) {
      const { line, end, prints } = await lineOf();
      line.connect(80);
      const second = line.connect(80);
      const all = Buffer.from(`late${end}one\x1e\x1eone${end}`);
      prints(all.subarray(0, cut), all.subarray(cut));
      expect(await text(second)).toBe('one\x1e\x1eone');
    }
  });

  test('is shut by the next, which does not see what came late for it', async () => {
    const { line, lines, end, prints } = await lineOf();
    const first = line.connect(80);
    const second = line.connect(81);
    prints(`late${end}`, Buffer.from([0xff, 0]), end);
    expect(first.destroyed).toBe(true);
    expect([...(await buffer(second))]).toEqual([0xff, 0]);
    expect(lines.slice(0, 3)).toEqual(['open 80', 'shut', 'open 81']);
  });

  test('stops where the program ends', async () => {
    const { line, program } = await lineOf();
    const connection = line.connect(80);
    program.destroy();
    await expect(text(connection)).rejects.toThrow();
  });
});

test('a passing connection comes between two others', async () => {
  const { line, lines } = await lineOf();
  line.connect(80);
  line.passBy({ port: 80, send: '\xff ', end: 'unread' });
  line.connect(80);
  expect(lines).toEqual(['open 80', 'shut', 'pass 80 unread \\0377\\0040', 'open 80']);
});
