import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mistakesError, placeIn } from '../../src/shared/diagnostic.ts';
import { nodeAt, plainValue, rangeAt } from '../../src/shared/yaml-node.ts';
import { MAX_YAML_LENGTH, parseYaml, type YamlOptions } from '../../src/shared/yaml-source.ts';
import { drawn } from '../support/samples.ts';

const parse = (text: string, options?: YamlOptions) => parseYaml({ file: 'file.yaml', text }, options);
const read = (text: string, options?: YamlOptions) => plainValue(parse(text, options).root);
const mistakesOf = (text: string) => parse(text).diagnostics.map(({ message }) => message);

describe('values', () => {
  test.each([
    ['a: yes\nb: Off\nc: y\nd: "yes"\n', { a: true, b: false, c: true, d: 'yes' }],
    ['a: 010\nb: 1_000\nc: .\nd: ~\n', { a: 8, b: 1000, c: '.', d: null }],
    ['a: 2020-01-01\nb: 1:30\n', { a: '2020-01-01', b: '1:30' }],
  ])('YAML 1.1 as kraft reads it: %j', (text, expected) => {
    expect(read(text, { version: '1.1' })).toEqual(expected);
  });

  test('YAML 1.2 leaves yes and on as text', () => {
    expect(read('a: yes\nb: on\nc: true\n')).toEqual({ a: 'yes', b: 'on', c: true });
  });

  test('aliases and merge keys are followed, own keys win', () => {
    const text = 'base: &b {x: 1, y: 2}\nmore: &m {y: 3, z: 4}\nc:\n  <<: [*b, *m]\n  x: 0\nd: *b\n';
    expect(read(text)).toMatchObject({ c: { x: 0, y: 2, z: 4 }, d: { x: 1, y: 2 } });
  });

  test('a key named __proto__ is a key like any other', () => {
    const value = read('__proto__: {x: 1}\n') as object;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect('x' in value).toBe(false);
  });

  test.each(['', '\n', '# nothing\n', '---\n', '\ufeff'])('an empty document has no root: %j', (text) => {
    expect(parse(text)).toMatchObject({ root: null, diagnostics: [] });
  });
});

describe('places', () => {
  const text = '\ufeffa: 1\r\nb:\r\n  - x\r\n  - { c: y }\r\n';
  const { root } = parse(text);

  test.each([
    [['b', 1, 'c'], 'value', { line: 4, column: 10 }],
    [['b', 1, 'c'], 'key', { line: 4, column: 7 }],
    [['b'], 'key', { line: 2, column: 1 }],
    [['b', 0], 'value', { line: 3, column: 5 }],
    [['b', 7, 'nothing'], 'value', { line: 3, column: 3 }],
    [['a'], 'value', { line: 1, column: 4 }],
    [['a'], 'key', { line: 1, column: 1 }],
  ] as const)('%j has its %s at %j', (path, part, place) => {
    expect(placeIn(text, rangeAt(root, path, part).start)).toEqual(place);
  });

  test('a node is found through an alias, where it is written', () => {
    const source = parse('a: &x [1, 2]\nb: *x\n');
    expect(nodeAt(source.root, ['b', 1])).toMatchObject({ value: 2, range: { start: 10, end: 11 } });
    const map = source.root;
    expect(map?.kind === 'map' && map.entries.get('b')?.valueRange).toEqual({ start: 16, end: 18 });
  });

  test.each([
    ['a: # none\nb: 1\n', ''],
    ['a: &x # none\nb: 1\n', '&x'],
    ['a:\n- 1 # one\n# two\nb: 1\n', '- 1'],
    ['a: !!str &x |\n  text\n\n\nb: 1\n', '!!str &x |\n  text'],
    ['a: [1,\n 2] # c\nb: 1\n', '[1,\n 2]'],
  ])('what is written as the value of a in %j is %j', (yaml, written) => {
    const { root: map } = parse(yaml);
    const range = map?.kind === 'map' ? map.entries.get('a')?.valueRange : undefined;
    expect(yaml.slice(range?.start, range?.end)).toBe(written);
  });
});

describe('mistakes', () => {
  test.each([
    ['a: *x\n', 'the alias *x has no anchor above it'],
    ['a: &x [*x]\n', 'the alias *x stands inside the value it names'],
    ['a: !foo 1\n', 'the tag !foo is not understood'],
    ['a: !!binary aGk=\n', 'the tag tag:yaml.org,2002:binary is not understood'],
    ['a: 1\na: 2\n', 'the key a is given twice'],
    ['1: a\n', 'a key must be text, not the number 1: put it in quotes'],
    ['[a]: b\n', 'a key must be text, not a list'],
    ['<<: 3\n', 'a merge key (<<) takes a map or a list of maps'],
    ['a:\n\t- b\n', 'a tab cannot indent YAML: use spaces'],
    ['a: "b\n', 'missing closing quote'],
    ['a: 1\n---\nb: 2\n', 'only one YAML document is allowed in a file'],
  ])('%j: %s', (text, message) => {
    expect(mistakesOf(text)).toContain(message);
  });

  test('all of them become one error that shows every line with a caret', () => {
    const source = parse('a: *x\nb: 1\nb: 2\n');
    const error = mistakesError('config-invalid', [{ source, diagnostics: source.diagnostics }]);
    expect(error.code).toBe('config-invalid');
    expect(error.message).toBe('cannot read file.yaml: the alias *x has no anchor above it (and 1 more)');
    expect(error.detail).toBe(
      [
        'file.yaml:1:4: the alias *x has no anchor above it',
        '  1 | a: *x',
        '    |    ^',
        '',
        'file.yaml:3:1: the key b is given twice',
        '  3 | b: 2',
        '    | ^',
      ].join('\n'),
    );
  });

  test('a key below the top that repeats its value is listed separately', () => {
    const { diagnostics, repeats } = parse('a:\n  x: y\n  x: y\n  z: 1\n  z: 2\n');
    expect(repeats.map(({ message }) => message)).toEqual(['the key x is given twice']);
    expect(diagnostics.map(({ message }) => message)).toEqual(['the key z is given twice']);
  });

  test('comments are listed, a # in a text is none', () => {
    const text = '# a\nb: "#" # c\nd: [1, # e\n 2]\nf: |\n  # g\n# h';
    const { comments } = parse(text);
    expect(comments.map(({ start, end }) => text.slice(start, end))).toEqual(['# a', '# c', '# e', '# h']);
  });
});

describe('hostile input is refused in no time', () => {
  const aliases = Array.from({ length: 40 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}]`);
  const chain = Array.from({ length: 5000 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}]`);
  test.each([
    ['aliases that double', ['a0: &a0 [x, x]', ...aliases].join('\n'), /more than 50000 values/],
    ['aliases that nest', ['a0: &a0 x', ...chain].join('\n'), /aliases nest too deeply/],
    ['merges that multiply', ['a0: &a0 [x, x]', ...aliases, '<<: [*a40, *a40]'].join('\n'), /more than/],
    ['open brackets', '['.repeat(60_000), /nested more than 64 levels/],
    ['open maps', '{a: '.repeat(30_000), /nested more than 64 levels/],
    ['dashes', '- '.repeat(60_000), /nested more than 64 levels/],
    ['question marks', '? '.repeat(60_000), /nested more than 64 levels/],
    ['closing brackets', ']'.repeat(60_000), /unexpected/],
    ['a long text', 'a'.repeat(MAX_YAML_LENGTH + 1), /more than 128 KiB/],
  ])('%s', (_, text, message) => {
    // processor time: a busy machine is no fault
    const started = process.cpuUsage();
    expect(mistakesOf(text).join()).toMatch(message);
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1000).toBeLessThan(5000);
  });

  test.each(['[', '{a: ', '- ', '? '])('what nests too deeply by %j is not read to its end', (piece) => {
    const { diagnostics } = parseYaml({ file: '', text: piece.repeat(20_000) });
    expect(diagnostics[0]?.range.start).toBeLessThan(100 * piece.length);
  });

  test('nothing makes the parser throw', () => {
    const pieces = fc.constantFrom(
      'a',
      ': ',
      '- ',
      '\n',
      '  ',
      '[',
      ']',
      '{',
      '}',
      '&x ',
      '*x',
      '!t ',
      '"',
      "'",
      '|',
      '#',
      ',',
      '? ',
      '<<',
      '\t',
      '\r\n',
      '---\n',
      '%YAML 1.2\n',
      '\ufeff',
      '>-\n',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces, { maxLength: 60 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, fc.constantFrom('1.1', '1.2'), (input, version) => {
        const source = parse(input, { version });
        plainValue(source.root);
        for (const { range } of source.diagnostics) expect(range.start).toBeLessThanOrEqual(input.length);
      }),
      drawn({ ci: 600, soak: 3000 }),
    );
  });
});
