import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readKraftfile } from '../../src/kraftfile/read-kraftfile.ts';
import { upgradeKraftfile } from '../../src/render/upgrade-kraftfile.ts';
import { UserError } from '../../src/shared/failure.ts';
import { commentsOf, withoutRanges } from '../support/kraftfile-text.ts';

const CORPUS = join(import.meta.dirname, '../kraftfile/corpus');
const names = readdirSync(CORPUS).filter((name) => !name.startsWith('.'));
const cases = names.map((file) => ({ file, text: readFileSync(join(CORPUS, file), 'utf8') }));
const upgrade = (text: string) => upgradeKraftfile({ file: 'kraft.yaml', text });

const OLD = `# SPDX-License-Identifier: BSD-3-Clause

# what it is
specification: '0.6'
targets:
- qemu/x86_64   # the only one

name: web # of old
rootfs: ./Dockerfile


unikraft:
  # of the spring
  version: stable
  kconfig:
    - CONFIG_LIBVFSCORE=y
x-team: web
# what runs
cmd: /bin/web
  # and no more
future: [1]
# the end
`;

test('an old file has the form of the catalog afterwards, and nothing is lost', () => {
  expect(upgrade(OLD)).toBe(`# SPDX-License-Identifier: BSD-3-Clause

# what it is
spec: v0.6

x-team: web

future: [1]

name: web # of old

rootfs: ./Dockerfile

# what runs
cmd: ["/bin/web"] # and no more

unikraft:
  # of the spring
  version: stable
  kconfig:
    - CONFIG_LIBVFSCORE=y

targets:
- qemu/x86_64   # the only one

# the end
`);
});

describe.each(cases)('$file', ({ file, text }) => {
  const upgraded = upgradeKraftfile({ file, text });

  test('says the same when it is upgraded', () => {
    const before = readKraftfile({ file, text });
    const after = readKraftfile({ file, text: upgraded });
    expect(withoutRanges(after)).toEqual(withoutRanges(before));
    expect(after.cmd?.argv).toEqual(before.cmd?.argv);
    expect(commentsOf(upgraded)).toEqual(commentsOf(text));
  });

  test('has the form of the catalog, and keeps it', () => {
    expect(upgraded).not.toMatch(/\r|\ufeff|[ \t]$/m);
    expect(upgraded.endsWith('\n') && !upgraded.endsWith('\n\n')).toBe(true);
    expect(upgraded).not.toMatch(/^(specification|---|%YAML)/m);
    const root = upgraded.split('\n').filter((line) => /^["'?]?\s?[a-z]/i.test(line));
    expect(root[0]).toMatch(/^spec: v0\.[67]\b/);
    expect(upgradeKraftfile({ file, text: upgraded })).toBe(upgraded);
  });
});

test.each([
  ['v0.6: a text is one argument', 'v0.6', '/bin/sh -c "a $$b"', '["/bin/sh -c \\"a $$b\\""]'],
  ['v0.7: a text is split', 'v0.7', "/bin/sh -c 'a $b'", '["/bin/sh", "-c", "a $b"]'],
])('cmd is a list afterwards, %s', (_, spec, cmd, list) => {
  expect(upgrade(`spec: ${spec}\ncmd: ${cmd}\n`)).toBe(`spec: ${spec}\n\ncmd: ${list}\n`);
});

describe('what cannot keep its lines is written again, its comments at the top', () => {
  test.each([
    [
      'a flow map',
      '# head\n{spec: v0.6, name: "a: b", # n\n cmd: [a, "$$b"], env: {A: yes, B: 1.10}, x-list: [[1], {}]}\n',
      '# head\n# n\nspec: v0.6\n\nx-list: [[1],{}]\n\nname: "a: b"\n\ncmd: ["a", "$$b"]\n\nenv:\n  A: yes\n  B: 1.10\n',
    ],
    [
      'an alias before its anchor',
      'spec: v0.6\nunikraft:\n  kconfig: &k\n    A: y # a\nlibraries:\n  lwip:\n    kconfig: *k\nruntime: { source: base, kconfig: *k }\n',
      '# a\nspec: v0.6\n\nruntime:\n  source: base\n  kconfig:\n    A: y\n\nunikraft:\n  kconfig:\n    A: y\n\nlibraries:\n  lwip:\n    kconfig:\n      A: y\n',
    ],
  ])('%s', (_, before, after) => {
    expect(upgrade(before)).toBe(after);
  });
});

test('a file that is no Kraftfile is refused with its mistakes', () => {
  expect(() => upgrade('spec: v0.4\n')).toThrow(UserError);
  expect(() => upgrade('spec: v0.4\n')).toThrow(/cannot read kraft.yaml: the spec v0.4 is not supported/);
});
