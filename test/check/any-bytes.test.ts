import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCheck } from '../../src/check/run-check.ts';
import { drawn } from '../support/samples.ts';
import type { TemporaryDirectory } from '../support/temporary-directory.ts';
import { CLEAN } from './clean-catalog.ts';
import { folderWith, writeBelow } from './folder.ts';

let folder: TemporaryDirectory;
beforeAll(async () => {
  folder = await folderWith();
});
afterAll(() => folder[Symbol.asyncDispose]());

/** Entries that have each sort of file between them. */
const ENTRIES = ['library/nginx/1.25', 'examples/helloworld-gcc13.2', 'tests/os/a'];
const NAMES = Object.keys(CLEAN).filter(
  (name) =>
    !name.includes('/') || ENTRIES.some((entry) => name.startsWith(`${entry}/`)) || /nginx1.25/.test(name),
);

/** A part of a text goes, and other bytes stand there. */
const mutated = (text: string) =>
  fc
    .record({
      at: fc.nat(text.length),
      length: fc.nat(20),
      put: fc.oneof(
        fc.uint8Array({ maxLength: 20 }),
        fc.string({ unit: 'binary', maxLength: 20 }).map((more) => Buffer.from(more)),
        fc
          .constantFrom(
            '\n',
            '\r\n',
            '"',
            "'",
            '[',
            ']',
            '{',
            '}',
            '<<EOF',
            '|',
            '>',
            '\\',
            '${',
            '$',
            '*',
            '&a',
            '\t',
            '#',
            '`',
            '/',
            '..',
          )
          .map((more) => Buffer.from(more)),
      ),
    })
    .map(({ at, length, put }) =>
      Buffer.concat([Buffer.from(text.slice(0, at)), put, Buffer.from(text.slice(at + length))]),
    );

const change = fc.constantFrom(...NAMES).chain((name) =>
  fc.record({
    name: fc.constant(name),
    content: fc.oneof(
      { weight: 5, arbitrary: mutated(CLEAN[name] as string) },
      { weight: 1, arbitrary: fc.uint8Array() },
    ),
  }),
);

test('whatever bytes a file holds, nothing is thrown, and what is fixed stays fixed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      for (const { name, content } of changes) await writeBelow(folder.path, name, content);
      try {
        const { findings, fixed } = await runCheck([folder.path], { only: [], skip: [], fix: true });
        expect(findings.filter(({ edits }) => edits.length > 0)).toEqual([]);
        for (const { name, before, after } of fixed) {
          if (before !== null) expect(readFileSync(join(folder.path, name), 'utf8')).toBe(before);
          expect(after).not.toBe(before);
        }
      } finally {
        for (const { name } of changes) await writeBelow(folder.path, name, CLEAN[name] as string);
      }
    }),
    drawn({ ci: 40, soak: 1000 }),
  );
});
