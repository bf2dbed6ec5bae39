import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readChallenges } from '../../src/registry/challenge.ts';
import { nextPage } from '../../src/registry/next-page.ts';
import { exhaustedMs, nextStep, retryAfterMs } from '../../src/registry/wait.ts';

describe('a challenge', () => {
  test('names a realm, a service and a scope, quoted or not', () => {
    const header = 'Bearer realm="https://auth.example/token",service=reg , scope="repository:a/b:pull,push"';
    const parameters = {
      realm: 'https://auth.example/token',
      service: 'reg',
      scope: 'repository:a/b:pull,push',
    };
    expect(readChallenges(header)).toEqual([{ scheme: 'bearer', parameters }]);
  });

  test('may stand beside others', () => {
    expect(readChallenges('Negotiate, Basic realm="a \\"b\\"", Bearer realm=x')).toEqual([
      { scheme: 'negotiate', parameters: {} },
      { scheme: 'basic', parameters: { realm: 'a "b"' } },
      { scheme: 'bearer', parameters: { realm: 'x' } },
    ]);
  });

  test('is read to its end whatever it is', () => {
    fc.assert(fc.property(fc.string(), (text) => Array.isArray(readChallenges(text))));
    expect(readChallenges('"')).toEqual([]);
  });
});

describe('the next page', () => {
  const url = new URL('https://r.example/v2/a/tags/list?n=2');

  test.each([
    ['</v2/a/tags/list?last=b&n=2>; rel="next"', '/v2/a/tags/list?last=b&n=2'],
    ['<https://r.example/v2/x>;rel=next', '/v2/x'],
    ['</first>; rel="first", </second>; title="a, b"; rel="prev next"', '/second'],
    ['</first>; rel="first"', null],
    ['</x>; rel="nextish"', null],
    ['', null],
    [null, null],
  ])('of %j', (link, expected) => {
    expect(nextPage(link, url)).toBe(expected);
  });

  test('is never on another host', () => {
    expect(() => nextPage('<https://evil.example/v2>; rel="next"', url)).toThrow('another host');
    expect(() => nextPage('<//evil.example/v2>; rel="next"', url)).toThrow('another host');
  });
});

describe('patience', () => {
  const patience = { attempts: 3, maxWaitMs: 10_000, firstWaitMs: 100 };
  const step = (status: number, attempts: number, headers: Record<string, string> = {}) =>
    nextStep({ status, headers: new Headers(headers) }, { attempts, now: 0 }, patience);

  test('takes every answer that asking again would not change', () => {
    for (const status of [200, 206, 301, 400, 401, 403, 404, 501]) {
      expect(step(status, 1)).toEqual({ kind: 'take' });
    }
  });

  test('doubles its wait, and ends', () => {
    expect(step(503, 1)).toEqual({ kind: 'wait', ms: 100 });
    expect(step(0, 2)).toEqual({ kind: 'wait', ms: 200 });
    expect(step(503, 3)).toEqual({ kind: 'give-up', wantedMs: null });
  });

  test('waits as long as the header says, if that is not too long', () => {
    expect(step(429, 1, { 'retry-after': '7' })).toEqual({ kind: 'wait', ms: 7000 });
    expect(step(429, 1, { 'retry-after': '11' })).toEqual({ kind: 'give-up', wantedMs: 11_000 });
    const date = new Date(5000).toUTCString();
    expect(step(429, 1, { 'retry-after': date })).toEqual({ kind: 'wait', ms: 5000 });
    expect(retryAfterMs(new Headers({ 'retry-after': date }), 9000)).toBe(0);
  });

  test.each([
    [{ 'ratelimit-remaining': '0', 'ratelimit-reset': '30' }, 30_000],
    [{ 'ratelimit-remaining': '0;w=60', 'ratelimit-reset': '5' }, 5000],
    [{ ratelimit: 'limit=100, remaining=0, reset=9' }, 9000],
    [{ ratelimit: '"default";r=0;t=4' }, 4000],
    [{ 'ratelimit-remaining': '1', 'ratelimit-reset': '30' }, null],
    [{ 'ratelimit-remaining': '0;w=21600' }, null],
    [{}, null],
  ])('reads %j', (headers, expected) => {
    expect(exhaustedMs(new Headers(headers as Record<string, string>))).toBe(expected);
  });
});
