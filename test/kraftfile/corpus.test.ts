import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readKraftfile } from '../../src/kraftfile/read-kraftfile.ts';
import { spliceKraftfile } from '../../src/kraftfile/splice-kraftfile.ts';
import { commentsOf, withoutRanges } from '../support/kraftfile-text.ts';

const CORPUS = join(import.meta.dirname, 'corpus');
const names = readdirSync(CORPUS).filter((name) => !name.startsWith('.'));
const cases = names.map((file) => ({ file, text: readFileSync(join(CORPUS, file), 'utf8') }));

/** The lines of a text that are not in another, blank ones and comments left aside. */
const linesNotIn = (text: string, other: string) => {
  const others = other.split(/\r?\n/);
  return text.split(/\r?\n/).filter((line) => !others.includes(line) && !/^\s*(#|$)/.test(line));
};

describe.each(cases)('$file', ({ file, text }) => {
  const kraftfile = readKraftfile({ file, text });
  const argv = kraftfile.cmd?.argv;
  const { rootfs, name } = kraftfile;

  test('written with what it holds, it is the same to the byte', () => {
    const edit = {
      ...(argv === undefined ? {} : { cmd: argv }),
      ...(name === null ? {} : { name }),
      ...(rootfs.kind === 'absent' ? {} : { rootfs: rootfs.path }),
    };
    expect(spliceKraftfile({ file, text }, edit)).toBe(text);
  });

  const wanted = ['/usr/bin/other', '$HOME "quoted" \\ back', ''];
  const changed = spliceKraftfile({ file, text }, { cmd: wanted });

  test('a new cmd is what the changed file says, and nothing else is', () => {
    const after = readKraftfile({ file, text: changed });
    const rest = { cmd: null, text: '', warnings: [], ...withoutRanges(after) };
    expect(after.cmd?.argv).toEqual(wanted);
    expect(rest).toEqual({ cmd: null, text: '', warnings: [], ...withoutRanges(kraftfile) });
    expect(spliceKraftfile({ file, text: changed }, { cmd: wanted })).toBe(changed);
  });

  test('a new cmd changes only its own lines and loses no comment', () => {
    expect(linesNotIn(changed, text)).toHaveLength(1);
    expect(commentsOf(changed)).toEqual(commentsOf(text));
    expect(changed.endsWith('\n')).toBe(text.endsWith('\n'));
    expect(changed.startsWith('\ufeff')).toBe(text.startsWith('\ufeff'));
    if (text.includes('\n')) expect(/(?<!\r)\n/.test(changed)).toBe(/(?<!\r)\n/.test(text));
  });

  test.each([{ name: 'other-name' }, { name: 'no' }, { name: "it's: $5 #" }])('a new name %j', (edit) => {
    const after = spliceKraftfile({ file, text }, edit);
    expect(readKraftfile({ file, text: after }).name).toBe(edit.name);
    expect(readKraftfile({ file, text: after }).cmd?.argv).toEqual(argv);
  });

  test('a new rootfs', () => {
    const after = spliceKraftfile({ file, text }, { rootfs: './slim.Dockerfile' });
    expect(readKraftfile({ file, text: after }).rootfs).toMatchObject({ path: './slim.Dockerfile' });
  });
});
