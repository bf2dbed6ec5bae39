import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readUnit } from '../../../src/entry/read-unit.ts';
import type { RootfsUnit } from '../../../src/entry/unit.ts';
import { emptyResult } from '../../../src/slim/result.ts';
import { hashOf, readState } from '../../../src/slim/state/state.ts';
import { applyResult } from '../../../src/sweep/queue/apply-result.ts';
import { readStep } from '../../../src/sweep/queue/message-schema.ts';
import { type Catalog, catalogOf } from '../../support/catalog.ts';
import { APP, smallEntry } from '../../support/small-entry.ts';
import { PLAIN } from '../plain-options.ts';

const README = '# App\n\n<!-- kraft-slim:begin sizes -->\nold\n<!-- kraft-slim:end -->\n\nMine.\n';

let catalog: Catalog;
let before: string;
beforeEach(async () => {
  catalog = await catalogOf({
    ...smallEntry(),
    [`${APP}/README.md`]: README,
    [`${APP}/.dockerignore`]: '*\n',
    'victim/Dockerfile': 'FROM other\n',
  });
  before = await catalog.read(`${APP}/Dockerfile`);
});
afterEach(() => catalog[Symbol.asyncDispose]());

const AFTER = 'FROM debian:bookworm\nFROM scratch\n';
const change = (name: string, was: string | null, after: string | null) => ({ name, before: was, after });

/** An honest answer, with what a test makes of it. */
function answerOf(...changes: ReturnType<typeof change>[]) {
  const all = changes.length === 0 ? [change('Dockerfile', before, AFTER)] : changes;
  const written = all.flatMap(({ name, after }) => (after === null ? [] : [name]));
  const removed = all.flatMap(({ name, after }) => (after === null ? [name] : []));
  const result = { ...emptyResult(APP), status: 'slimmed' as const, verified: true, written, removed };
  const kept = { written: {}, fingerprint: 'a'.repeat(64), kept: [], missed: [] };
  return { result, changes: all, state: { schema: 'kraft-slim/state/1', entry: APP, result, ...kept } };
}

type Answer = ReturnType<typeof answerOf>;

async function apply(answer: unknown, options = PLAIN) {
  const unit = (await readUnit(join(catalog.path, APP))) as RootfsUnit;
  return await applyResult(unit, answer, options);
}

/** An answer that comes as JSON, as every message does. */
const sent = (answer: unknown) => JSON.parse(JSON.stringify(answer)) as unknown;

test('an honest answer is written', async () => {
  expect((await apply(sent(answerOf()))).result).toMatchObject({
    status: 'slimmed',
    written: ['Dockerfile'],
  });
  expect(await catalog.read(`${APP}/Dockerfile`)).toBe(AFTER);
});

test('an honest answer may write a root list, re-include it in an ignore file, and fill a block of the README', async () => {
  const answer = answerOf(
    change('Dockerfile', before, AFTER),
    change('rootfs.list', null, '/hello\n'),
    change('.dockerignore', '*\n', '*\n!rootfs.list\n'),
    change('README.md', README, README.replace('old', 'new')),
  );
  expect((await apply(sent(answer))).result).toMatchObject({ status: 'slimmed', verified: true });
  expect(await catalog.read(`${APP}/rootfs.list`)).toBe('/hello\n');
});

describe('a forged answer is refused with a reason:', () => {
  const result = (changed: object) => (answer: Answer) => ({
    ...answer,
    result: { ...answer.result, ...changed },
  });
  const state = (changed: object) => (answer: Answer) => ({
    ...answer,
    state: { ...answer.state, ...changed },
  });
  const named = (name: string) => () => answerOf(change(name, null, 'x'));
  test.each<[string, (answer: Answer) => unknown, RegExp]>([
    ['null', () => null, /expected object/],
    ['a text', () => 'done', /expected object/],
    ['a list', () => [], /expected object/],
    ['an empty result', () => ({ result: {} }), /result\.schema/],
    ['a result without changes', ({ result: own }) => ({ result: own, state: null }), /changes/],
    ['an unknown key', (answer) => ({ ...answer, extra: 1 }), /extra/],
    [
      'an unknown key of a change',
      (answer) => ({ ...answer, changes: answer.changes.map((change) => ({ ...change, mode: 0o777 })) }),
      /changes\.\d.*mode/,
    ],
    ['a file of 33 MiB', () => answerOf(change('Dockerfile', before, 'x'.repeat(33 * 2 ** 20))), /Too big/],
    [
      'very many changes',
      (answer) => ({ ...answer, changes: Array(1001).fill(answer.changes[0]) }),
      /changes: Too big/,
    ],
    ['no status', result({ status: 'great' }), /status/],
    ['a code that is none', result({ status: 'failed', code: 'oops' }), /code/],
    ['a number as a name', result({ entry: 7 }), /entry/],
    ['a reason of a megabyte', result({ reason: 'x'.repeat(2 ** 20) }), /reason/],
    ['endless seconds', result({ seconds: { total: -1 } }), /seconds/],
    ['the result of another job', result({ entry: 'victim' }), /about "victim"/],
    ['another class', result({ class: 'library' }), /class is library/],
    ['slimmed and not verified', result({ verified: false }), /the result is slimmed and not verified/],
    ['slimmed with a code', result({ code: 'internal' }), /does not go with the code/],
    ['failed with changes', result({ status: 'failed', code: 'internal', verified: false }), /1 changes/],
    [
      'failed and verified',
      (a) => ({ ...result({ status: 'failed', code: 'timeout' })(a), changes: [] }),
      /verified/,
    ],
    ['changes that its result does not name', result({ written: [] }), /not those of its result/],
    ['a file that it did not write', result({ written: ['Dockerfile', 'x'] }), /not those of its result/],
    ['a name above', named('../../victim/x'), /make "\.\.\/\.\.\/victim\/x"/],
    [
      'a file of another entry',
      () => answerOf(change('../../victim/Dockerfile', 'FROM other\n', 'x')),
      /change/,
    ],
    [
      'another entry removed',
      () => answerOf(change('../../victim/Dockerfile', 'FROM other\n', null)),
      /remove/,
    ],
    ['an absolute name', named('/etc/cron.d/x'), /make "\/etc\/cron\.d\/x"/],
    ['a name with a zero byte', named('x\0'), /make/],
    ['a name of a megabyte', named('x'.repeat(2 ** 20)), /written/],
    ['a program of the shell', named('.bashrc'), /make "\.bashrc"/],
    ['a hook of git', named('.git/hooks/pre-commit'), /make/],
    ['a saved original', named('Dockerfile.orig'), /make/],
    ['settings', named('kraft-slim.yaml'), /make/],
    ['a second Kraftfile', named('Kraftfile.x'), /make/],
    ['a source of the entry', named('main.c'), /make/],
    ['the Dockerfile removed', (_) => answerOf(change('Dockerfile', before, null)), /remove "Dockerfile"/],
    ['a new README', named('README.md'), /make "README\.md"/],
    [
      'a README outside of its blocks',
      () => answerOf(change('README.md', README, `${README}closes #1\n`)),
      /blocks/,
    ],
    ['an ignore file that hides all', () => answerOf(change('.dockerignore', '*\n', '**\n')), /root list/],
    [
      'one name twice',
      () => answerOf(change('Dockerfile', before, AFTER), change('Dockerfile', before, 'x')),
      /not those/,
    ],
    [
      'the place of another file',
      () => {
        const [own, ...rest] = answerOf().changes;
        return { ...answerOf(), changes: [{ ...own, replaces: '../../victim/Dockerfile' }, ...rest] };
      },
      /replace/,
    ],
    ['the state of another entry', state({ entry: 'victim' }), /state is about "victim"/],
    [
      'a state with the result of another',
      (a) => state({ result: { ...a.result, entry: 'victim' } })(a),
      /holds a result/,
    ],
    [
      'a state that is not verified',
      (a) => state({ result: { ...a.result, verified: false } })(a),
      /not verified/,
    ],
    ['a fingerprint that is none', state({ fingerprint: '../x' }), /fingerprint/],
    ['state of another schema', state({ schema: 'kraft-slim/state/2' }), /state\.schema/],
  ])('%s', async (_, forge, why) => {
    await expect(apply(sent(forge(answerOf())))).rejects.toMatchObject({
      name: 'UserError',
      code: 'refused',
      message: expect.stringMatching(why),
    });
    expect(await catalog.status()).toEqual([]);
    expect(await readState(join(catalog.path, '.kraft-slim'), APP)).toBeUndefined();
  });

  test('also in a dry run', async () => {
    const forged = sent(answerOf(change('../../victim/x', null, 'x')));
    await expect(apply(forged, { ...PLAIN, dryRun: true })).rejects.toMatchObject({ code: 'refused' });
  });
});

test('a worker that makes up what was written before overwrites nothing the next time', async () => {
  const mine = `${before}RUN mine\n`;
  await catalog.write({ [`${APP}/Kraftfile`]: (text) => `${text}# mine\n` });
  const lie = { Dockerfile: hashOf(mine), Kraftfile: hashOf(await catalog.read(`${APP}/Kraftfile`)) };
  const answer = answerOf();
  await apply(sent({ ...answer, state: { ...answer.state, written: lie } }));
  const kept = await readState(join(catalog.path, '.kraft-slim'), APP);
  expect(kept?.written).toEqual({ Dockerfile: hashOf(AFTER) });
});

test('a link in the place of a file that an answer makes is not written through', async () => {
  const { symlink } = await import('node:fs/promises');
  const outside = join(catalog.path, 'victim/Dockerfile');
  await symlink(outside, join(catalog.path, APP, 'rootfs.list'));
  const answer = answerOf(change('rootfs.list', null, 'x'));
  await apply(sent(answer)).catch(() => undefined);
  expect(await readFile(outside, 'utf8')).toBe('FROM other\n');
  expect(await readdir(join(catalog.path, 'victim'))).toEqual(['Dockerfile']);
  await writeFile(outside, 'FROM other\n');
});

describe('of the progress that a worker sends', () => {
  const STEP = { type: 'step', entry: 'a', step: 'build', detail: 'building' };

  test('a step is read', () => {
    expect(readStep(STEP)).toEqual(STEP);
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['a number', 7],
    ['another event', { type: 'entry-finished', entry: 'a', from: 'work', result: {} }],
    ['a notice', { type: 'notice', message: 'trust me' }],
    ['a line of a build', { type: 'build-log', entry: 'a', line: '\x1b]0;x\x07' }],
    ['an escape sequence', { ...STEP, detail: '\x1b[2J' }],
    ['a line break', { ...STEP, detail: 'a\n::error::b' }],
    ['text that runs to the left', { ...STEP, detail: 'a\u202eb' }],
    ['a step that is none', { ...STEP, step: 'format' }],
    ['a long text', { ...STEP, detail: 'x'.repeat(1000) }],
    ['an unknown key', { ...STEP, more: 1 }],
  ])('%s is left out', (_, event) => {
    expect(readStep(event)).toBeNull();
  });
});
