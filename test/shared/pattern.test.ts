import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { filePattern } from '../../src/dockerfile/file-pattern.ts';
import { readIgnoreRules } from '../../src/dockerfile/ignore-rules.ts';
import { removePrefix, removeSuffix, replacePattern } from '../../src/dockerfile/shell-pattern.ts';
import { matches } from '../../src/shared/glob.ts';
import { anyCharacter, character, compilePattern, many, type PatternPart } from '../../src/shared/pattern.ts';

/** Tame patterns as regular expressions, which is what they once were. */
const SHELL: Readonly<Record<string, string>> = {
  '*': '[^/]*',
  '?': '[^/]',
  '.': '\\.',
  '+': '\\+',
  '-': '-',
};
const asExpression = (pattern: string, table = SHELL) =>
  [...pattern].map((each) => table[each] ?? each).join('');

const tame = fc
  .array(fc.constantFrom('a', 'b', '*', '?', '.', '/', '+'), { maxLength: 8 })
  .map((all) => all.join(''));
const text = fc.array(fc.constantFrom('a', 'b', '.', '/', '+'), { maxLength: 12 }).map((all) => all.join(''));

describe('the one matcher answers as a regular expression does:', () => {
  test('the source of a COPY', () => {
    fc.assert(
      fc.property(tame, text, (pattern, path) => {
        expect(filePattern(pattern)(path)).toBe(new RegExp(`^${asExpression(pattern)}$`, 's').test(path));
      }),
      { numRuns: 1000 },
    );
  });

  test('a glob, and names in braces', () => {
    const names = fc
      .array(fc.constantFrom('a', 'b', '?', 'b.', '[ab]', '[!a]', '{a,b.}', '{,b}', 'a*'), {
        minLength: 1,
        maxLength: 3,
      })
      .map((all) => all.join(''));
    const globs = fc.array(fc.oneof(names, fc.constantFrom('**', '*')), { minLength: 1, maxLength: 4 });
    const paths = fc.array(fc.constantFrom('a', 'b', 'ab', 'a.', 'bb.a'), { minLength: 1, maxLength: 4 });
    const expression = (glob: readonly string[]) =>
      glob
        .map((name, at) => {
          const isLast = at === glob.length - 1;
          if (name === '**') return isLast ? '.*' : '(?:.*/)?';
          const plain =
            name === '*'
              ? '[^/]+'
              : name.replaceAll('[!', '[^/').replaceAll('.', '\\.').replaceAll('?', '[^/]');
          const whole =
            plain === '[^/]+'
              ? plain
              : plain
                  .replaceAll('a*', 'a[^/]*')
                  .replaceAll('{a,b\\.}', '(?:a|b\\.)')
                  .replaceAll('{,b}', '(?:|b)');
          return isLast ? whole : `${whole}/`;
        })
        .join('');
    fc.assert(
      fc.property(globs, paths, (glob, path) => {
        const expected = new RegExp(`^${expression(glob)}$`).test(path.join('/'));
        expect(matches(glob.join('/'), path.join('/'))).toBe(expected || glob.join('/') === path.join('/'));
      }),
      { numRuns: 2000 },
    );
  });

  test('${X#p}, ${X##p}, ${X%p}, ${X%%p}, ${X/p/r} and ${X//p/r}', () => {
    const table = { ...SHELL, '?': '.' };
    const pieces = (pattern: string, star: string) => asExpression(pattern, { ...table, '*': star });
    fc.assert(
      fc.property(tame, text, (pattern, value) => {
        const [lazy, greedy] = [pieces(pattern, '.*?'), pieces(pattern, '.*')];
        const starts = Array.from({ length: value.length + 1 }, (_, at) => at);
        const suffix = (all: number[]) => all.find((at) => new RegExp(`^${greedy}$`).test(value.slice(at)));
        expect(removePrefix(value, pattern)).toBe(value.replace(new RegExp(`^${lazy}`), ''));
        expect(removePrefix(value, `#${pattern}`)).toBe(value.replace(new RegExp(`^${greedy}`), ''));
        expect(removeSuffix(value, `%${pattern}`)).toBe(value.slice(0, suffix(starts)));
        expect(removeSuffix(value, pattern)).toBe(value.slice(0, suffix(starts.reverse())));
        expect(replacePattern(value, pattern, '$&', false)).toBe(
          value.replace(new RegExp(greedy), () => '$&'),
        );
        expect(replacePattern(value, pattern, 'x', true)).toBe(
          value.replaceAll(new RegExp(greedy, 'g'), 'x'),
        );
      }),
      { numRuns: 1000 },
    );
  });

  test('an ignore file', () => {
    const names = fc.array(fc.constantFrom('a', 'b', '*', '**', '?', 'a.b', '*b'), {
      minLength: 1,
      maxLength: 4,
    });
    const paths = fc.array(fc.constantFrom('a', 'b', 'ab', 'a.b'), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(names, paths, (pattern, path) => {
        const last = pattern.length - 1;
        const expression = pattern.map((name, at) => {
          if (name === '**') return at === last ? '.*' : '(?:.*/)?';
          return asExpression(name) + (at === last ? '' : '/');
        });
        const whole = new RegExp(`^${expression.join('')}$`);
        const above = path.map((_, at) => path.slice(0, at + 1).join('/'));
        expect(readIgnoreRules(pattern.join('/')).ignores(path.join('/'))).toBe(
          above.some((each) => whole.test(each)),
        );
      }),
      { numRuns: 1000 },
    );
  });
});

describe('no text takes the matcher longer than its length times that of the pattern:', () => {
  /** How often a pattern of stars looks at a character of a text that it nearly matches. */
  function looksAt(stars: number, length: number): number {
    let looks = 0;
    const counted = (given: string) => {
      looks += 1;
      return given === 'a';
    };
    const parts = Array.from({ length: stars }, (): PatternPart[] => [
      many(anyCharacter),
      { kind: 'one', accepts: counted },
    ]);
    const pattern = compilePattern([...parts.flat(), character('b')]);
    expect(pattern.matches(`${'a'.repeat(length)}c`)).toBe(false);
    expect(pattern.find(`${'a'.repeat(length)}c`)).toBeNull();
    return looks;
  }

  test('it looks at each character once for each part', () => {
    for (const [stars, length] of [
      [3, 50],
      [30, 500],
      [60, 1000],
    ] as const) {
      expect(looksAt(stars, length)).toBeLessThanOrEqual(2 * stars * (length + 1));
    }
  });

  test('so that what would take a regular expression a lifetime is answered', () => {
    const pattern = '*a'.repeat(100);
    const path = 'a'.repeat(3000);
    expect(matches(`${pattern}b`, path)).toBe(false);
    expect(matches(`${'**/'.repeat(100)}b`, 'a/'.repeat(3000))).toBe(false);
    expect(matches('{'.repeat(5000) + 'a,'.repeat(5000) + '}'.repeat(5000), path)).toBe(false);
    expect(matches('{a,b}{a,b}'.repeat(200), path)).toBe(false);
    expect(filePattern(`${pattern}b`)(path)).toBe(false);
    expect(readIgnoreRules(`${pattern}..b`).ignores(path)).toBe(false);
    expect(removeSuffix(path, `${pattern}b`)).toBe(path);
    expect(replacePattern(path, `${pattern}b`, '', true)).toBe(path);
  });
});

describe('globs that are written strangely', () => {
  test.each([
    ['/etc/[!a]*', '/etc/passwd', true],
    ['/etc/[!p]*', '/etc/passwd', false],
    ['a[b', 'a[b', true],
    ['a{b', 'a{b', true],
    ['a{b}', 'a{b}', true],
    ['{a,b', 'b', false],
    ['{a,{b,c}d}', 'cd', true],
    ['v{1..10}', 'v10', true],
    ['v{1..10}', 'v11', false],
    ['{a..c}', 'b', true],
    ['{1..999999999}', '5', false],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['a\\', 'a\\', true],
    ['x(1)', 'x(1)', true],
    ['x(1)', 'x1', false],
    ['[[:digit:]].txt', '7.txt', true],
    ['[z-a]', 'm', false],
    ['?', '😀', true],
    ['./a', 'a', true],
    ['/*', '/', false],
    ['/**', '/', true],
    ['/**/a', '/a', true],
    ['a?b', 'a/b', false],
    ['a[/]b', 'a/b', false],
  ])('%s and %s: %s', (glob, path, expected) => {
    expect(matches(glob, path)).toBe(expected);
  });
});

test('a pattern that begins and ends with characters of several code units answers as an expression does', () => {
  const piece = fc.constantFrom('a', '\u{1f600}', '\ud83d', '*');
  const word = fc.array(fc.constantFrom('a', '\u{1f600}', 'b'), { maxLength: 6 }).map((all) => all.join(''));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 5 }), word, (pieces, given) => {
      const parts = pieces.map((each): PatternPart => (each === '*' ? many(anyCharacter) : character(each)));
      const expression = pieces.map((each) => (each === '*' ? '.*' : each)).join('');
      // without the first look: a search at any place, which has to take the whole text
      const found = compilePattern([...parts, many(anyCharacter)]).find(given, { anchored: true });
      const isMatch = new RegExp(`^(?:${expression})$`, 'su').test(given);
      expect(compilePattern(parts).matches(given)).toBe(isMatch);
      if (isMatch) expect(found).not.toBeNull();
    }),
    { numRuns: 2000 },
  );
});
