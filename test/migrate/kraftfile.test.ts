import { describe, expect, test } from 'vitest';
import { readKraftfile } from '../../src/kraftfile/read-kraftfile.ts';
import type { Form } from '../../src/migrate/form.ts';
import { migrateKraftfile } from '../../src/migrate/kraftfile.ts';

const migrate = (text: string, to: Form) => migrateKraftfile({ file: 'Kraftfile', text }, to);

/** Each as before, as v0.7 and as erofs. */
const CASES: readonly (readonly [name: string, before: string, v07: string, erofs: string])[] = [
  [
    'comments and layout stay',
    `# head\nspec: v0.6 # the spec\n\n\nruntime:   base:latest\n\nrootfs: ./Dockerfile # made\n# below\n\ncmd: ["/a", 'b']\n`,
    `# head\nspec: v0.7 # the spec\n\n\nruntime:   base:latest\n\nrootfs: ./Dockerfile # made\n# below\n\ncmd: ["/a", 'b']\n`,
    `# head\nspec: v0.6 # the spec\n\n\nruntime:   base:latest\n\nrootfs:\n  source: ./Dockerfile # made\n  type: erofs\n# below\n\ncmd: ["/a", 'b']\n`,
  ],
  [
    'type becomes format, and cpio erofs',
    `specification: '0.6'\nname: a\nruntime: base\nrootfs:\n    type: CPIO # out\n    source: ./Dockerfile\n`,
    `specification: 'v0.7'\nname: a\nruntime: base\nrootfs:\n    format: cpio # out\n    source: ./Dockerfile\n`,
    `specification: '0.6'\nname: a\nruntime: base\nrootfs:\n    type: erofs # out\n    source: ./Dockerfile\n`,
  ],
  [
    'CRLF, and no line end at the end',
    'spec: 0.6\r\n\r\nruntime: base:latest\r\n\r\nrootfs: ./Dockerfile',
    'spec: v0.7\r\n\r\nruntime: base:latest\r\n\r\nrootfs: ./Dockerfile',
    'spec: 0.6\r\n\r\nruntime: base:latest\r\n\r\nrootfs:\r\n  source: ./Dockerfile\r\n  type: erofs',
  ],
  [
    'braces on the top level',
    '{spec: v0.6, runtime: base, rootfs: ./Dockerfile}\n',
    '{spec: v0.7, runtime: base, rootfs: ./Dockerfile}\n',
    '{spec: v0.6, runtime: base, rootfs: {source: ./Dockerfile, type: erofs}}\n',
  ],
  [
    'a source in braces',
    'spec: v0.6\nruntime: base\nrootfs: {source: ./rootfs}\n',
    'spec: v0.7\nruntime: base\nrootfs: {source: ./rootfs}\n',
    'spec: v0.6\nruntime: base\nrootfs: {source: ./rootfs, type: erofs}\n',
  ],
  [
    'two dollars are one, quotes stay',
    `spec: v0.6\nruntime: base\nrootfs: ./Dockerfile\ncmd: ["/a", '$$HOME', "a $5"]\nenv:\n  A: a$$b # kept\n`,
    `spec: v0.7\nruntime: base\nrootfs: ./Dockerfile\ncmd: ["/a", '$HOME', "a $5"]\nenv:\n  A: "a$b" # kept\n`,
    `spec: v0.6\nruntime: base\nrootfs:\n  source: ./Dockerfile\n  type: erofs\ncmd: ["/a", '$$HOME', "a $5"]\nenv:\n  A: a$$b # kept\n`,
  ],
  [
    'one text is one argument; a runtime in parts; numbers as text',
    `spec: v0.6\nruntime:\n  source: base\n  version: latest\nrootfs: ./Dockerfile\ncmd: /a b$$\nlabels:\n  a/b: 1000\n  c: yes\n  d:\n`,
    `spec: v0.7\nruntime: base:latest\nrootfs: ./Dockerfile\ncmd: ["/a b$"]\nlabels:\n  a/b: "1000"\n  c: "true"\n  d: ""\n`,
    `spec: v0.6\nruntime:\n  source: base\n  version: latest\nrootfs:\n  source: ./Dockerfile\n  type: erofs\ncmd: /a b$$\nlabels:\n  a/b: 1000\n  c: yes\n  d:\n`,
  ],
  [
    'a Dockerfile that the command unikraft does not know by its name',
    'spec: v0.6\nruntime: base\nrootfs: ./web.dockerfile\n',
    'spec: v0.7\nruntime: base\nrootfs: {source: {path: ./web.dockerfile, type: dockerfile}}\n',
    'spec: v0.6\nruntime: base\nrootfs:\n  source: ./web.dockerfile\n  type: erofs\n',
  ],
];

describe.each(CASES)('%s', (_, before, v07, erofs) => {
  test('as v0.7', () => expect(migrate(before, 'v0.7')).toEqual({ text: v07 }));
  test('as erofs', () => expect(migrate(before, 'erofs')).toEqual({ text: erofs }));

  test('a second time nothing changes, and both ways lead to one Kraftfile', () => {
    expect(migrate(v07, 'v0.7')).toEqual({ text: v07 });
    expect(migrate(erofs, 'erofs')).toEqual({ text: erofs });
    const [first, second] = [migrate(v07, 'erofs'), migrate(erofs, 'v0.7')];
    const read = (migrated: typeof first) => {
      if ('kept' in migrated) throw new Error(migrated.kept);
      const { rootfs, cmd, env, labels } = readKraftfile({ file: 'Kraftfile', text: migrated.text });
      return [{ ...rootfs, range: null }, cmd?.argv, [...env], [...labels]];
    };
    expect(read(first)).toEqual(read(second));
    expect(read(first)[0]).toMatchObject({ format: 'erofs' });
  });
});

test.each([
  [
    'runtime: base\nrootfs: ./Dockerfile\ncmd: ["/a", "$PORT"]',
    'v0.7 replaces no variables, and it has $PORT',
  ],
  ['runtime: base\nrootfs: ${R:-./Dockerfile}', 'v0.7 replaces no variables'],
  ['template: x\nrootfs: ./Dockerfile', 'it has template, which the command unikraft refuses'],
  ['runtime: base\nvolumes: ./a:/b', 'it has volumes'],
  ['runtime: base\nlibraries:\n  a: stable', 'it has libraries'],
  ['runtime: {source: base, kconfig: {CONFIG_A: y}}', 'v0.7 has no kconfig of a runtime'],
  ['runtime: base\nrootsf: ./Dockerfile', 'in the new form, unknown key rootsf'],
  ['runtime: base\nenv:\n  A: 1\n  A: 2', 'in the new form, the key A is given twice'],
  ['runtime: base\ncmd: ["a$$b", &x "$$"]\nenv: {A: *x}\nx-a: "$HOME"', null],
  ['runtime: &r {source: base, version: "1"}\nx-r: *r', 'other parts of the file depend on'],
])('%j stays below v0.7: %s', (keys, why) => {
  const migrated = migrate(`spec: v0.6\n${keys}\n`, 'v0.7');
  if (why === null) expect(migrated).toHaveProperty('text');
  else expect(migrated).toEqual({ kept: expect.stringContaining(why) });
});

test.each([
  ['runtime: base', 'it names no rootfs'],
  ['runtime: base\nrootfs: ./a.cpio', 'its rootfs ./a.cpio is a finished file'],
  ['template: x\nrootfs: ./Dockerfile', 'it builds its kernel, and no kconfig option of it names erofs'],
  ['unikraft:\n  kconfig:\n    CONFIG_LIBEROFS: y\nrootfs: ./Dockerfile', null],
])('%j has no erofs: %s', (keys, why) => {
  const migrated = migrate(`spec: v0.6\n${keys}\n`, 'erofs');
  if (why === null) expect(migrated).toEqual({ text: expect.stringContaining('  type: erofs') });
  else expect(migrated).toEqual({ kept: why });
});

test('an erofs file is erofs already', () => {
  const text = 'spec: v0.7\nruntime: base\nrootfs: ./a.erofs\n';
  expect(migrate(text, 'erofs')).toEqual({ text });
});
