import { describe, expect, test } from 'vitest';
import { judge } from '../../src/workload/judge.ts';
import type { Answer, ClientProbe, HttpProbe, Probe } from '../../src/workload/probe.ts';
import type { Observation } from '../../src/workload/run-launch.ts';
import { DEFAULT_LIMITS, USUAL, type Workload } from '../../src/workload/workload.ts';

const GET: HttpProbe = {
  kind: 'http',
  port: 80,
  tls: false,
  method: 'GET',
  path: '/',
  headers: {},
  body: null,
  expectStatus: null,
  expect: null,
  showsHead: false,
  follows: false,
};
const server = (...probes: Probe[]): Workload => ({
  source: 'readme',
  ports: [80],
  probes,
  ...USUAL,
  limits: { ...DEFAULT_LIMITS, readyMs: 5000 },
});
const once = (expected: string | null): Workload => ({
  source: 'readme',
  ports: [],
  probes: [{ kind: 'output', ends: true, expect: expected, expectExitCode: null }],
  ...USUAL,
});

const CLIENT: ClientProbe = {
  kind: 'client',
  command: ['ask'],
  image: null,
  env: {},
  input: null,
  expect: null,
  expectExitCode: null,
};
const LASTING: Probe = { kind: 'output', ends: false, expect: null, expectExitCode: null };

const ok = (text: string, status = '200 OK'): Answer => ({ text, status, fault: null });

/** A run that went well, with these answers to the workload's probes. */
function seen(workload: Workload, answers: readonly Answer[], rest: Partial<Observation> = {}): Observation {
  const asked = workload.probes.map((probe, at) => ({ probe, answer: answers[at] as Answer }));
  return {
    ready: true,
    lacking: null,
    exit: null,
    startFault: null,
    answers: asked,
    looked: [],
    lastOutput: 'last words',
    ...rest,
  };
}

/** The fault of a run that gave one answer, against a baseline of one. */
const faultOf = (workload: Workload, answer: Answer, baseline: Answer | null) =>
  judge(workload, seen(workload, [answer]), baseline === null ? null : seen(workload, [baseline])).fault
    ?.message ?? null;

describe('an app that did not start', () => {
  const never: Partial<Observation> = { ready: false, answers: [] };
  test.each<[string, Partial<Observation>]>([
    ['cannot start the app: no such file', { startFault: 'no such file' }],
    ['no program listened on port 80 within 5 seconds', { lacking: 'no program listened on port 80' }],
    ['"up" was not printed within 5 seconds', { lacking: '"up" was not printed' }],
    ['the app ended with exit code 1 before it was ready', { exit: { exitCode: 1, outOfMemory: false } }],
    ['the app ended for lack of memory before it was ready', { exit: { exitCode: 137, outOfMemory: true } }],
  ])('%s', (message, rest) => {
    const workload = server(GET, GET);
    expect(judge(workload, seen(workload, [], { ...never, ...rest }), null)).toEqual({
      probes: [GET, GET].map((probe) => ({ probe, passed: false, why: 'the app did not start' })),
      fault: { code: 'not-started', message, detail: 'last words' },
    });
  });
});

describe('an app that started', () => {
  test('behaves where every probe passes', () => {
    const workload = server(GET, { ...GET, expect: 'ell' });
    expect(judge(workload, seen(workload, [ok('a'), ok('Hello')]), null)).toEqual({
      probes: workload.probes.map((probe) => ({ probe, passed: true, why: null })),
      fault: null,
    });
  });

  test('fails by its first failing probe, and each probe has a verdict', () => {
    const workload = server(GET, { ...GET, path: '/b' }, GET);
    const broken = { text: null, status: null, fault: 'socket hang up' };
    const { probes, fault } = judge(workload, seen(workload, [ok(''), broken, ok('')]), null);
    expect(probes.map(({ passed }) => passed)).toEqual([true, false, true]);
    expect(fault).toEqual({
      code: 'workload-failed',
      message: 'GET /b on port 80: socket hang up',
      detail: 'last words',
    });
  });

  test('fails where a server ends while it is asked, though every probe passed', () => {
    const workload = server(GET);
    const exit = { exitCode: 0, outOfMemory: false };
    expect(judge(workload, seen(workload, [ok('')], { exit }), null).fault).toMatchObject({
      code: 'workload-failed',
      message: 'the app ended with exit code 0 while kraft-slim probed it',
    });
  });

  test('may end where it is a program that runs once', () => {
    const workload = once(null);
    const exit = { exitCode: 0, outOfMemory: false };
    const answers = [ok('Hello', 'exit code 0')];
    expect(judge(workload, seen(workload, answers, { exit }), null).fault).toBeNull();
  });
});

describe('without a baseline', () => {
  test.each<[Workload, Answer, string | null]>([
    [server(GET), ok('x', '302 Found'), null],
    [server(GET), ok('x', '404 Not Found'), 'GET / on port 80: answered 404 Not Found'],
    [server(GET), ok('x', '500'), 'GET / on port 80: answered 500'],
    // the README shows an error page: its text is what counts
    [server({ ...GET, expect: '404 Not Found' }), ok('<h1>404 Not Found</h1>', '404 Not Found'), null],
    [
      server({ ...GET, expect: 'Hello' }),
      ok('<h1>404 Not Found</h1>', '404 Not Found'),
      'GET / on port 80: answered 404 Not Found',
    ],
    [once(null), ok('x', 'exit code 0'), null],
    [once(null), ok('x', 'exit code 1'), 'output and exit code: answered exit code 1'],
    [once('y'), ok('x', 'exit code 0'), 'output and exit code: "x" came instead of "y"'],
  ])('%o answering %o: %s', (workload, answer, expected) => {
    expect(faultOf(workload, answer, null)).toBe(expected);
  });
});

describe('against a baseline', () => {
  test.each<[string, Workload, Answer, Answer, string | null]>([
    ['the same answer passes', server(GET), ok('a'), ok('a'), null],
    ['the same failure passes', server(GET), ok('a', '404 Not Found'), ok('a', '404 Not Found'), null],
    ['another text fails', server(GET), ok('a'), ok('b'), '"a" came, but the baseline has "b"'],
    [
      'another status fails',
      server(GET),
      ok('a', '500'),
      ok('a', '200 OK'),
      '500, but the baseline has 200 OK',
    ],
    [
      'an expectation that is met stands for the text',
      server({ ...GET, expect: 'a' }),
      ok('a 1'),
      ok('a 2'),
      null,
    ],
    [
      'an expectation that is not met fails though the baseline has the same',
      server({ ...GET, expect: 'z' }),
      ok('a'),
      ok('a'),
      '"a" came instead of "z"',
    ],
    [
      'another status fails though the expectation is met',
      server({ ...GET, expect: 'a' }),
      ok('a', '500'),
      ok('a', '200 OK'),
      '500, but the baseline has 200 OK',
    ],
    [
      'another exit code fails',
      once('a'),
      ok('a', 'exit code 1'),
      ok('a', 'exit code 0'),
      'exit code 1, but the baseline has exit code 0',
    ],
  ])('%s', (_, workload, answer, baseline, expected) => {
    const message = faultOf(workload, answer, baseline);
    expect(message?.replace(/^(GET \/ on port 80|output and exit code): /, '') ?? null).toBe(expected);
  });

  const HEAD = 'HTTP/1.1 200 OK\nServer: nginx\nDate: Mon, 01 Jan 2024 00:00:00 GMT\nETag: "1"';
  test.each<[string, string | null, boolean]>([
    ['is not compared with the baseline', null, true],
    ['is searched for the expectation', 'Server: nginx', true],
    ['is searched with the body', 'ETag: "9"\n\nHello', true],
    ['may have other times', 'HTTP/1.1 200 OK\nServer: nginx\ndate: Tue, 02 Jan 2024 00:00:00 GMT', false],
    ['may have other times in its own spelling', 'Server: nginx\nDate: now\nETag: W/"2"', true],
    ['must have the times that are quoted', 'Last-Modified: now', false],
    ['must have the other headers that are quoted', 'Server: apache', false],
  ])('the head of an answer %s (%j)', (_, expected, passes) => {
    const workload = server({ ...GET, showsHead: true, expect: expected });
    const answer = { ...ok('Hello'), head: HEAD };
    const baseline = { ...ok('Hello'), head: HEAD.replace('2024', '2023') };
    expect(faultOf(workload, answer, baseline) === null).toBe(passes);
  });

  test('each probe is held against its own answer', () => {
    const workload = server(GET, GET);
    const baseline = seen(workload, [ok('a'), ok('b')]);
    const { probes } = judge(workload, seen(workload, [ok('b'), ok('b')]), baseline);
    expect(probes.map(({ passed }) => passed)).toEqual([false, true]);
  });

  test('a long answer is shown by its beginning', () => {
    const message = faultOf(server(GET), ok('x'.repeat(1000)), ok('y'));
    expect(message?.length).toBeLessThan(220);
    expect(message).toContain('xxx…');
  });
});

describe('a status that is expected', () => {
  const exits = (code: number) => ({ ...CLIENT, expectExitCode: code });
  const output = (code: number): Workload => ({
    ...once(null),
    probes: [{ kind: 'output', ends: true, expect: null, expectExitCode: code }],
  });
  test.each<[Workload, string, string | null]>([
    [server({ ...GET, expectStatus: 404 }), '404 Not Found', null],
    [server({ ...GET, expectStatus: 404 }), '404', null],
    [server({ ...GET, expectStatus: 404 }), '200 OK', 'answered 200 OK instead of 404'],
    [server({ ...GET, expectStatus: 20 }), '200 OK', 'answered 200 OK instead of 20'],
    [server(exits(3)), 'exit code 3', null],
    [server(exits(3)), 'exit code 30', 'answered exit code 30 instead of exit code 3'],
    [server(exits(0)), 'exit code 1', 'answered exit code 1 instead of exit code 0'],
    [output(3), 'exit code 3', null],
    [output(3), 'exit code 0', 'answered exit code 0 instead of exit code 3'],
  ])('of %o counts where %j came, whatever the baseline has: %s', (workload, status, expected) => {
    for (const baseline of [null, ok('a', 'exit code 7')]) {
      expect(faultOf(workload, ok('a', status), baseline)?.replace(/^.*?: /, '') ?? null).toBe(expected);
    }
  });

  test('does not stand for the text', () => {
    const message = faultOf(server({ ...GET, expectStatus: 200 }), ok('a'), ok('b'));
    expect(message).toContain('"a" came, but the baseline has "b"');
  });
});

describe('a client', () => {
  test('that fails is shown with what it complained of', () => {
    const answer = { ...ok('', 'exit code 1'), complaint: 'ERROR 2002: no socket' };
    expect(faultOf(server(CLIENT), answer, null)).toBe(
      'ask: answered exit code 1; it complained: "ERROR 2002: no socket"',
    );
    const expecting = server({ ...CLIENT, expect: 'PONG' });
    expect(faultOf(expecting, { ...answer, status: 'exit code 0' }, null)).toBe(
      'ask: "" came instead of "PONG"; it complained: "ERROR 2002: no socket"',
    );
  });

  test('may complain where it passes', () => {
    expect(faultOf(server(CLIENT), { ...ok('a', 'exit code 0'), complaint: 'x' }, null)).toBeNull();
  });
});

describe('what shows a moment', () => {
  const AT = (year: number) => `at ${year}-11-24T14:00:00Z (0.00${year % 10} sec)`;
  test.each<[string, Workload, Answer, Answer | null, boolean]>([
    ['need not be the same as in the baseline', server(GET), ok(AT(2026)), ok(AT(2025)), true],
    ['has to be there', server(GET), ok('at'), ok(AT(2025)), false],
    ['need not be the same as is expected', server({ ...GET, expect: AT(2025) }), ok(AT(2026)), null, true],
    ['may be expected in part', server({ ...GET, expect: '2026-11-24T14' }), ok(AT(2026)), null, true],
    [
      'is compared where it is a part',
      server({ ...GET, expect: '2025-11-24T14' }),
      ok(AT(2026)),
      null,
      false,
    ],
  ])('%s', (_, workload, answer, baseline, passes) => {
    expect(faultOf(workload, answer, baseline) === null).toBe(passes);
  });
});

describe('an app that ends while it is asked', () => {
  const exit = { exitCode: 0, outOfMemory: false };
  const ENDING: Probe = { ...LASTING, ends: true };
  test.each<[string, Workload, boolean]>([
    ['fails where it has ports', server(CLIENT), false],
    ['passes where one of its probes is its end', server(CLIENT, ENDING), true],
    ['fails where it has to last', { ...once(null), probes: [LASTING] }, false],
    ['passes where no text says that it lasts', { ...once(null), probes: [CLIENT] }, true],
  ])('%s', (_, workload, passes) => {
    const answers = workload.probes.map(() => ok('', 'exit code 0'));
    expect(judge(workload, seen(workload, answers, { exit }), null).fault === null).toBe(passes);
  });

  test('passes where it has to last and does', () => {
    const workload = { ...once(null), probes: [LASTING] };
    const running: Answer = { status: 'running', text: null, fault: null };
    expect(faultOf(workload, running, null)).toBeNull();
    expect(faultOf(workload, running, running)).toBeNull();
  });
});

test('a limit that the app exceeded is at fault, whatever else failed', () => {
  const exceeded = { message: 'cannot run the app: it wrote too much', hint: 'ask for more' };
  const broken: Answer = { text: null, status: null, fault: 'the program did not end in time' };
  const run = seen(once(null), [broken], { exceeded });
  expect(judge(once(null), run, null).fault).toEqual({
    code: 'limit-exceeded',
    ...exceeded,
    detail: 'last words',
  });
});

test('an answer longer than an answer may be is a limit, not a failure', () => {
  const long: Answer = { text: null, status: null, fault: 'the answer is too long', isTooLong: true };
  expect(judge(once(null), seen(once(null), [long]), null).fault?.code).toBe('limit-exceeded');
  const { isTooLong: _, ...other } = long;
  expect(judge(once(null), seen(once(null), [other]), null).fault?.code).toBe('workload-failed');
});
