import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readKraftfile } from '../../src/kraftfile/read-kraftfile.ts';
import { type KraftfileEdit, spliceKraftfile } from '../../src/kraftfile/splice-kraftfile.ts';
import { UserError } from '../../src/shared/failure.ts';
import { drawn } from '../support/samples.ts';

const splice = (text: string, edit: KraftfileEdit) => spliceKraftfile({ file: 'Kraftfile', text }, edit);
const cmd = ['/new', '-x y'];

describe('a cmd that is there', () => {
  test.each([
    [
      'a list in one line',
      'spec: v0.6\ncmd: ["/a"]\nname: x\n',
      'spec: v0.6\ncmd: ["/new", "-x y"]\nname: x\n',
    ],
    [
      'a list in lines',
      'spec: v0.6\ncmd:\n- /a\n- b\n\nname: x\n',
      'spec: v0.6\ncmd: ["/new", "-x y"]\n\nname: x\n',
    ],
    ['the last without a newline', 'spec: v0.6\ncmd:\n  - /a', 'spec: v0.6\ncmd: ["/new", "-x y"]'],
    ['an empty one', 'spec: v0.6\ncmd: # c\nname: x\n', 'spec: v0.6\ncmd: ["/new", "-x y"] # c\nname: x\n'],
    [
      'an alias',
      'spec: v0.6\nx-c: &c [a]\ncmd: *c # c\n',
      'spec: v0.6\nx-c: &c [a]\ncmd: ["/new", "-x y"] # c\n',
    ],
    ['with a tag', 'spec: v0.6\ncmd: !!str a\n', 'spec: v0.6\ncmd: ["/new", "-x y"]\n'],
    ['in a flow map', '{spec: v0.6, cmd: [a]}', '{spec: v0.6, cmd: ["/new", "-x y"]}'],
    [
      'comments within move above',
      'spec: v0.6\r\ncmd: # top\r\n  # one\r\n  - /a # two\r\n  - b # three\r\n',
      'spec: v0.6\r\n# one\r\n# two\r\ncmd: ["/new", "-x y"] # top # three\r\n',
    ],
  ])('%s', (_, before, after) => {
    expect(splice(before, { cmd })).toBe(after);
  });
});

describe('a cmd that is missing', () => {
  test.each([
    [
      'after rootfs',
      'spec: v0.6\n\nrootfs: ./D\n\ntemplate: t\n',
      'spec: v0.6\n\nrootfs: ./D\n\nCMD\n\ntemplate: t\n',
    ],
    [
      'without blank lines where there are none',
      'spec: v0.6\nrootfs: ./D\nname: x\n',
      'spec: v0.6\nrootfs: ./D\nCMD\nname: x\n',
    ],
    [
      'with a blank line after it too, where most keys have one',
      'spec: v0.6\n\nname: x\n\nrootfs: ./D\ntemplate: t\n',
      'spec: v0.6\n\nname: x\n\nrootfs: ./D\n\nCMD\n\ntemplate: t\n',
    ],
    ['after spec alone', 'spec: v0.6\n', 'spec: v0.6\n\nCMD\n'],
    ['where no newline ends the file', 'spec: v0.6', 'spec: v0.6\n\nCMD'],
    [
      'after the comment in line',
      'spec: v0.6\nrootfs: ./D # d\nname: x\n',
      'spec: v0.6\nrootfs: ./D # d\nCMD\nname: x\n',
    ],
    [
      'after a block',
      'spec: v0.6\n\nrootfs:\n  source: ./D\n  # no type\n\nenv: {}\n',
      'spec: v0.6\n\nrootfs:\n  source: ./D\n  # no type\n\nCMD\n\nenv: {}\n',
    ],
    ['first, where nothing goes before it', 'targets:\n- q/x\n', 'CMD\n\ntargets:\n- q/x\n'],
  ])('%s', (_, before, after) => {
    expect(splice(before, { cmd })).toBe(after.replace('CMD', 'cmd: ["/new", "-x y"]'));
  });
});

test('dollars are escaped in v0.6, which replaces variables, and not in v0.7, which does not', () => {
  expect(splice('spec: v0.6\n', { cmd: ['$HOME'] })).toContain('cmd: ["$$HOME"]');
  expect(splice('spec: v0.7\n', { cmd: ['$HOME'] })).toContain('cmd: ["$HOME"]');
});

test.each([
  ['spec: v0.6\nname: a\n', 'b', 'name: b'],
  ['spec: v0.6\nname: "a"\n', 'b', 'name: "b"'],
  ["spec: v0.6\nname: 'a'\n", "it's", "name: 'it''s'"],
  ['spec: v0.6\nname: a\n', 'on', 'name: "on"'],
  ['spec: v0.6\nname: a\n', '1.10', 'name: "1.10"'],
  ['spec: v0.6\n', 'c: d', 'name: "c: d"'],
])('%j with the name %s has the line %s', (text, name, line) => {
  expect(splice(text, { name }).split('\n')).toContain(line);
});

describe('an edit that cannot be made says why', () => {
  test.each([
    ['not YAML', 'cmd: [', /cannot read Kraftfile/],
    ['not a map', '- a\n', /must be a map/],
    ['an anchor in it is needed', 'spec: v0.6\ncmd: [&a x]\nname: *a\n', /cannot change cmd in Kraftfile/],
    ['its anchor is needed', 'spec: v0.6\ncmd: &c [x]\nx-other: *c\n', /cannot change cmd in Kraftfile/],
  ])('%s', (_, text, message) => {
    expect(() => splice(text, { cmd })).toThrow(UserError);
    expect(() => splice(text, { cmd })).toThrow(message);
  });
});

const word = fc.string({
  unit: fc.constantFrom(
    'a',
    '/',
    '$',
    '{',
    '}',
    '"',
    "'",
    '\\',
    ' ',
    ':',
    '#',
    'é',
    '😀',
    '\n',
    '\t',
    '-',
    ',',
  ),
  maxLength: 8,
});
const argv = fc.array(word, { minLength: 1, maxLength: 4 });
const comment = fc.constantFrom('', ' # note', '\t# tab: [x]', '   ');
const ownLine = fc.constantFrom('', '# alone\n', '\n', '  # deep\n', '\n\n# two\n');

/** A cmd in one of its forms, with the argv it stands for (of v0.6). */
const command = fc
  .tuple(argv, fc.constantFrom('flow', 'lines', 'block', 'flush', 'absent', 'empty'), comment)
  .map(([words, form, note]) => {
    const items = words.map((text) => JSON.stringify(text.replaceAll('$', '$$$$')));
    const text = {
      flow: `cmd: [${items.join(' , ')}]${note}\n`,
      lines: `cmd: [${note}\n${items.map((item) => `    ${item},${note}\n`).join('')}  ]\n`,
      block: `cmd:${note}\n${items.map((item) => `  - ${item}${note}\n`).join('')}`,
      flush: `cmd:${note}\n${items.map((item) => `- ${item}${note}\n`).join('')}`,
      absent: '',
      empty: `cmd:${note}\n`,
    }[form];
    return { text, argv: form === 'absent' || form === 'empty' ? undefined : words };
  });

const other = fc.constantFrom(
  'name: x',
  'rootfs: ./Dockerfile',
  'rootfs:\n  source: ./Dockerfile\n  type: erofs',
  'runtime: base:latest',
  'template: &t app',
  'unikraft:\n  kconfig:\n    A: y\n    # c',
  'targets:\n- qemu/x86_64',
  'x-more: |\n  text # not\n\n  a comment',
  'env: {A: b}',
);
const kraftfiles = fc
  .record({
    command,
    others: fc.uniqueArray(other, { selector: (key) => key.split(':')[0] ?? '' }),
    at: fc.nat(9),
    notes: fc.array(comment, { minLength: 12, maxLength: 12 }),
    gaps: fc.array(ownLine, { minLength: 12, maxLength: 12 }),
    blank: fc.boolean(),
    mark: fc.boolean(),
    crlf: fc.boolean(),
    cut: fc.boolean(),
  })
  .map(({ command: given, others, at, notes, gaps, blank, mark, crlf, cut }) => {
    const keys = others.map((key, index) => `${key}${key.includes('|') ? '' : notes[index]}\n`);
    keys.splice(Math.min(at, keys.length), 0, given.text);
    const body = ['spec: v0.6\n', ...keys]
      .filter((key) => key !== '')
      .map((key, index) => (gaps[index] ?? '') + key);
    const text = body.join(blank ? '\n' : '');
    const whole = (mark ? '\ufeff' : '') + (crlf ? text.replaceAll('\n', '\r\n') : text);
    return { text: cut ? whole.trimEnd() : whole, argv: given.argv };
  });

describe('any Kraftfile', () => {
  test('is the same to the byte when written with what it holds', () => {
    fc.assert(
      fc.property(kraftfiles, (given) => {
        expect(readKraftfile({ file: 'Kraftfile', text: given.text }).cmd?.argv).toEqual(given.argv);
        expect(splice(given.text, given.argv === undefined ? {} : { cmd: given.argv })).toBe(given.text);
      }),
      drawn({ ci: 200, soak: 1000 }),
    );
  });

  test('has the new cmd afterwards, and all its other lines', () => {
    fc.assert(
      fc.property(kraftfiles, argv, ({ text, argv: before }, wanted) => {
        const changed = splice(text, { cmd: wanted });
        const after = readKraftfile({ file: 'Kraftfile', text: changed });
        expect(after.cmd?.argv).toEqual(wanted);
        expect(splice(changed, { cmd: wanted })).toBe(changed);
        expect(otherLines(changed)).toEqual(otherLines(text));
        if (JSON.stringify(before) === JSON.stringify(wanted)) expect(changed).toBe(text);
      }),
      drawn({ ci: 300, soak: 2000 }),
    );
  });
});

/** All lines but those of `cmd`, blank ones and comments. */
function otherLines(text: string): string[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const start = lines.findIndex((line) => line.startsWith('cmd:'));
  const end = lines.findIndex((line, index) => index > start && /^[a-z]/.test(line));
  const cmdLines = start === -1 ? [] : lines.slice(start, end === -1 ? undefined : end);
  return lines.filter(
    (line, index) =>
      !(start !== -1 && index >= start && index < start + cmdLines.length) && !/^\s*(#|$)/.test(line),
  );
}
