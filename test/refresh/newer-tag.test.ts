import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newerTag, POLICIES, type Policy, type Wish } from '../../src/refresh/newer-tag.ts';
import { readTag } from '../../src/refresh/tag.ts';
import { compareVersions, familyOf } from '../../src/refresh/tag-order.ts';
import { drawn } from '../support/samples.ts';

/** The tag that a wish leads to, or how it ends. */
function answer(current: string, tags: readonly string[], wish: Partial<Wish> = {}): string {
  const found = newerTag(current, tags, { policy: 'major', to: null, ...wish });
  if (found.kind === 'newer') return found.tag.text;
  return found.kind === 'newest' && found.excluded !== null
    ? `${found.excluded.by} ${found.excluded.tag.text}`
    : found.kind;
}

const REDIS = [
  '7',
  '7.0',
  '7.2',
  '7.4',
  '8.0',
  '7.0.15',
  '7.2.4',
  '7.4.1',
  '8.0-rc1',
  'latest',
  'bookworm',
].flatMap((tag) => [tag, `${tag}-bookworm`, `${tag}-alpine3.19`]);

describe('the newer tag', () => {
  test.each<[string, Policy, string]>([
    ['7.0', 'major', '8.0'],
    ['7.0', 'minor', '7.4'],
    ['7.0', 'patch', 'policy 8.0'],
    ['7.0.15', 'minor', '7.4.1'],
    ['7.0.15-bookworm', 'major', '7.4.1-bookworm'],
    ['7.0-alpine3.18', 'minor', '7.4-alpine3.19'],
    ['7.0-alpine3.20', 'major', 'words 8.0-alpine3.19'],
    ['8.0', 'major', 'newest'],
    ['7', 'major', 'newest'],
    ['7.0-slim', 'major', 'newest'],
    ['latest', 'major', 'no-version'],
    ['8.0-rc1', 'patch', '8.0'],
  ])('of %s by the policy %s is %s', (current, policy, expected) => {
    expect(answer(current, REDIS, { policy })).toBe(expected);
  });

  test.each([
    ['7.0', '7.2', '7.2'],
    ['7.0.15', '7.2', '7.2.4'],
    ['7.0-bookworm', '8.0', '8.0-bookworm'],
    ['7.0', '8.0-rc1', '8.0-rc1'],
    ['7.4', '7.0', '7.0'],
    ['7.0', '7.0', 'newest'],
    ['7.0', '9', 'no-such-version'],
    ['7.0', '7.2.4', 'no-such-version'],
    ['7.0', 'new', 'no-such-version'],
  ])('of %s to %s is %s', (current, to, expected) => {
    expect(answer(current, REDIS, { to, policy: 'patch' })).toBe(expected);
  });

  test('of a date is any later one', () => {
    const tags = ['bookworm-20240110', 'bookworm-20240311', 'trixie-20250101'];
    expect(answer('bookworm-20240110', tags, { policy: 'patch' })).toBe('bookworm-20240311');
  });

  test('of a build may be counted from nought', () => {
    const tags = ['7.2.4-debian-12-r11', '7.2.4-debian-12-r12', '7.4.0-debian-12-r0'];
    expect(answer('7.2.4-debian-12-r11', tags)).toBe('7.4.0-debian-12-r0');
    expect(answer('7.2.4-debian-12-r11', tags, { policy: 'patch' })).toBe('7.2.4-debian-12-r12');
  });

  test('is no pre-release where there is none already', () => {
    const tags = ['3.12.1-slim', '3.13.0rc2-slim', '3.13.0b1-slim'];
    expect(answer('3.12.1-slim', tags)).toBe('pre-release 3.13.0rc2-slim');
    expect(answer('3.13.0b1-slim', tags)).toBe('3.13.0rc2-slim');
  });
});

/** What stands behind the version, without what may move. */
function wordsOf(text: string): string {
  return text.replace(/^v?[\d.]+(?:rc1|-beta2)?/, '').replace(/(?<=alpine3\.|-r)\d+/, 'N');
}

describe('whatever tags there are', () => {
  const tag = fc
    .tuple(
      fc.constantFrom('', 'v'),
      fc.array(fc.nat(4), { minLength: 1, maxLength: 3 }),
      fc.constantFrom('', '', 'rc1', '-beta2'),
      fc.constantFrom(
        ...['', '-bookworm', '-alpine3.1', '-alpine3.2', '-r1', '-r2', '-jdk17', '-jdk21'],
        ...['-temurin-17', '-temurin-21', '-php8.1', '-php8.3-apache', '-debian-11-r0', '-debian-11-r2'],
      ),
    )
    .map(([prefix, numbers, pre, suffix]) => `${prefix}${numbers.join('.')}${pre}${suffix}`);
  const tags = fc.array(tag, { maxLength: 40 });
  const policy = fc.constantFrom(...POLICIES);

  test('the newer one is of the same family, newer, within the policy, and the newest of these', () => {
    fc.assert(
      fc.property(tag, tags, policy, (current, all, wanted) => {
        const found = newerTag(current, all, { policy: wanted, to: null });
        if (found.kind !== 'newer') return;
        const now = readTag(current);
        if (now === null) throw new Error('read');
        expect(all).toContain(found.tag.text);
        expect(familyOf(found.tag)).toBe(familyOf(now));
        expect(compareVersions(found.tag, now)).toBeGreaterThanOrEqual(0);
        expect(wordsOf(found.tag.text)).toBe(wordsOf(current));
        if (now.pre === null) expect(found.tag.pre).toBeNull();
        if (found.tag.pre !== null) expect(found.tag.numbers).toEqual(now.numbers);
        const fixed = { patch: 2, minor: 1, major: 0 }[wanted];
        expect(found.tag.numbers.slice(0, fixed)).toEqual(now.numbers.slice(0, fixed));
        expect(newerTag(found.tag.text, all, { policy: wanted, to: null }).kind).toBe('newest');
      }),
      drawn({ ci: 600, soak: 3000 }),
    );
  });

  test('what stays says what excludes the newest, and a wish leads there', () => {
    fc.assert(
      fc.property(tag, tags, policy, (current, all, asked) => {
        const found = newerTag(current, all, { policy: asked, to: null });
        if (found.kind !== 'newest' || found.excluded === null) return;
        const { by, tag: excluded } = found.excluded;
        expect(all).toContain(excluded.text);
        expect(by).not.toBe('ignored');
        if (by === 'policy') expect(answer(current, all, { policy: 'major' })).toBe(excluded.text);
        const to = newerTag(current, all, { policy: asked, to: excluded.text.replace(/^v/, '') });
        expect(to.kind).toBe('newer');
      }),
      drawn({ ci: 600, soak: 3000 }),
    );
  });

  test('their order does not matter, and a wider policy gives nothing older', () => {
    fc.assert(
      fc.property(tag, tags, (current, all) => {
        const kinds = POLICIES.map((one) => newerTag(current, all, { policy: one, to: null }));
        expect(newerTag(current, [...all].reverse(), { policy: 'major', to: null })).toEqual(kinds[2]);
        const found = kinds.flatMap((one) => (one.kind === 'newer' ? [one.tag] : []));
        for (const [at, one] of found.entries()) {
          const wider = found[at + 1];
          if (wider !== undefined) expect(compareVersions(wider, one)).toBeGreaterThanOrEqual(0);
        }
      }),
      drawn({ ci: 600, soak: 3000 }),
    );
  });
});
