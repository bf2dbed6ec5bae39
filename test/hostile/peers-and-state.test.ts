import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readUnit } from '../../src/entry/read-unit.ts';
import type { RootfsUnit } from '../../src/entry/unit.ts';
import { UserError } from '../../src/shared/failure.ts';
import { emptyResult } from '../../src/slim/result.ts';
import { hashOf, readState, type UnitState, writeState } from '../../src/slim/state/state.ts';
import { seal } from '../../src/store/seal.ts';
import { openJournal } from '../../src/sweep/journal.ts';
import { checkAnswer } from '../../src/sweep/queue/check-answer.ts';
import { readAnswer, readJob, readStep, versionOf } from '../../src/sweep/queue/message-schema.ts';
import { type Catalog, catalogOf } from '../support/catalog.ts';
import { samples } from '../support/samples.ts';
import { APP, smallEntry } from '../support/small-entry.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

/** The same samples in every run; a soak takes more of them. */
const runs = { seed: 16, numRuns: samples({ ci: 200, soak: 20_000 }) };
/** Of those that write files. */
const fileRuns = { seed: 16, numRuns: samples({ ci: 60, soak: 3000 }) };

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * What a peer puts in the place of an honest value: other types, paths out of the catalog, names of prototypes, long
 * texts.
 */
const forged: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    -1,
    1e308,
    0.5,
    '',
    '../../etc/passwd',
    '/etc/passwd',
    'a\0b',
    '\u001b[2J',
    [],
    {},
  ),
  fc.constantFrom<Json>(
    '__proto__',
    'x'.repeat(5000),
    'Dockerfile',
    'README.md',
    '.git/config',
    'kraft-slim.yaml',
  ),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
);

/** An honest message with some of its values, at any depth, replaced, removed or added. */
function mutated(honest: Json): fc.Arbitrary<Json> {
  const edit = fc.record({ seed: fc.nat(), value: forged, how: fc.constantFrom('replace', 'remove', 'add') });
  return fc.array(edit, { minLength: 1, maxLength: 3 }).map((edits) => {
    const message = { root: structuredClone(honest) };
    for (const { seed, value, how } of edits) {
      const places = placesOf(message);
      const [parent, key] = places[seed % places.length] as [Record<string, Json>, string];
      if (how === 'replace') parent[key] = value;
      else if (how === 'add') Object.assign(parent, { [`${key}2`]: value });
      else if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else if (parent !== (message as unknown)) delete parent[key];
    }
    return JSON.parse(JSON.stringify(message.root ?? null)) as Json;
  });
}

/** Each value below an object, as the object that holds it and its key. */
function placesOf(parent: object): [object, string][] {
  return Object.entries(parent).flatMap(([key, value]) => [
    [parent, key] as [object, string],
    ...(typeof value === 'object' && value !== null ? placesOf(value) : []),
  ]);
}

const RESULT = { ...emptyResult(APP), status: 'slimmed' as const, verified: true, written: ['Dockerfile'] };
const STATE: UnitState = {
  schema: 'kraft-slim/state/1',
  entry: APP,
  written: {},
  result: RESULT,
  fingerprint: 'f'.repeat(64),
  kept: [{ path: '/a', reasons: ['started'] }],
  missed: ['/b'],
};
const CHANGES = [{ name: 'Dockerfile', before: 'FROM a\n', after: 'FROM a\nFROM scratch\n' }];
const ANSWER = { result: RESULT, changes: CHANGES, state: STATE } as unknown as Json;
const OPTIONS = {
  dryRun: false,
  redo: false,
  upgrade: false,
  askStages: false,
  search: null,
  placeholders: false,
};
const JOB: Json = {
  version: '0.1.0',
  sweep: 'a-sweep',
  path: APP,
  pack: 'a'.repeat(64),
  options: { ...OPTIONS, untrusted: false },
  state: null,
  entryTimeoutMs: 1000,
};

let catalog: Catalog;
let unit: RootfsUnit;
let directory: TemporaryDirectory;
beforeAll(async () => {
  catalog = await catalogOf(smallEntry());
  unit = (await readUnit(join(catalog.path, APP))) as RootfsUnit;
  directory = await temporaryDirectory();
});
afterAll(async () => {
  await catalog[Symbol.asyncDispose]();
  await directory[Symbol.asyncDispose]();
});

function isRefused(error: unknown): null {
  if (error instanceof UserError && error.code === 'refused') return null;
  throw error;
}

describe('whatever a peer of a queue sends is used as it should be, or refused:', () => {
  test('a job', () => {
    expect(readJob(JOB)).toEqual(JOB);
    const property = fc.property(fc.oneof(mutated(JOB), forged), (message) => {
      versionOf(message);
      try {
        const job = readJob(message);
        expect(job).toEqual(message);
        expect(join('/', job.path)).toBe(`/${job.path}`);
      } catch (error) {
        isRefused(error);
      }
    });
    fc.assert(property, runs);
  });

  test('an answer', async () => {
    await checkAnswer(unit, readAnswer(ANSWER), { upgrade: false });
    const property = fc.asyncProperty(fc.oneof(mutated(ANSWER), forged), async (message) => {
      const answer = await (async () => readAnswer(message))().catch(isRefused);
      if (answer === null) return;
      const checked = await checkAnswer(unit, answer, { upgrade: false }).then(() => true, isRefused);
      if (checked === null) return;
      expect(answer.result.entry).toBe(APP);
      const writable = /^(?:Dockerfile|rootfs\.list|README\.md|(?:Dockerfile)?\.dockerignore)$/;
      for (const { name } of answer.changes) expect(name).toMatch(writable);
    });
    await fc.assert(property, runs);
  });

  test('a step', () => {
    const step = { type: 'step', entry: APP, step: 'build', detail: 'building' };
    expect(readStep(step)).toEqual(step);
    const property = fc.property(fc.oneof(mutated(step), forged), (message) => {
      const read = readStep(message);
      expect(read === null || !/\p{Cc}/u.test(read.detail)).toBe(true);
    });
    fc.assert(property, runs);
  });
});

/** A text with bytes changed, cut out, doubled or added, and lines in another order. */
function damaged(text: string): fc.Arbitrary<Buffer> {
  const edit = fc.record({
    at: fc.nat({ max: text.length - 1 }),
    length: fc.nat({ max: 80 }),
    how: fc.constantFrom('flip', 'cut', 'end', 'double', 'insert', 'lines'),
    bytes: fc.uint8Array({ maxLength: 8 }),
  });
  return fc.array(edit, { minLength: 1, maxLength: 3 }).map((edits) =>
    edits.reduce((now, { at, length, how, bytes }) => {
      const place = Math.min(at, now.length);
      const [head, rest] = [now.subarray(0, place), now.subarray(place)];
      if (how === 'flip') return Buffer.concat([head, Buffer.from([(rest[0] ?? 0) ^ 1]), rest.subarray(1)]);
      if (how === 'cut') return Buffer.concat([head, rest.subarray(length)]);
      if (how === 'end') return head;
      if (how === 'double') return Buffer.concat([head, rest.subarray(0, length), rest]);
      if (how === 'insert') return Buffer.concat([head, bytes, rest]);
      return Buffer.from(now.toString('latin1').split('\n').reverse().join('\n'), 'latin1');
    }, Buffer.from(text)),
  );
}

describe('whatever is in the state directory is what this user has signed, or counts as absent:', () => {
  test('state of a unit', async () => {
    const state = join(directory.path, 'state');
    await writeState(state, STATE);
    const path = join(state, `units/${hashOf(APP).slice(0, 32)}.json`);
    const whole = await readFile(path, 'utf8');
    const signed = fc.jsonValue().map((value) => {
      const text = seal(JSON.stringify(value), { kind: 'unit', key: APP });
      return Buffer.from(`${text}\n`);
    });
    const property = fc.asyncProperty(fc.oneof(damaged(whole), signed), async (bytes) => {
      await writeFile(path, bytes);
      const read = await readState(state, APP);
      if (read !== undefined) expect(read).toEqual(STATE);
    });
    await fc.assert(property, fileRuns);
  });

  test('a journal, of which the lines before the damage count', async () => {
    const place = join(directory.path, 'journal');
    const open = () =>
      openJournal(place, {
        name: 'sweep',
        request: 'all',
        newName: () => 'a-sweep',
        onDistrust: () => undefined,
      });
    const ids = ['a', 'b', 'c', 'd'];
    {
      await using journal = await open();
      for (const id of ids) await journal.append(id, { inputs: id, result: emptyResult(id) });
    }
    const path = join(place, 'sweep.ndjson');
    const whole = await readFile(path, 'utf8');
    await mkdir(dirname(path), { recursive: true });
    const property = fc.asyncProperty(damaged(whole), async (bytes) => {
      await writeFile(path, bytes);
      await using journal = await open();
      for (const [id, done] of journal.finished)
        expect([ids.includes(id), done]).toEqual([true, { inputs: id, result: emptyResult(id) }]);
      // what is kept can be read again
      await using again = await open();
      expect([...again.finished.keys()]).toEqual([...journal.finished.keys()]);
    });
    await fc.assert(property, fileRuns);
  });
});
