import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bytesSource } from '../../src/elf/byte-source.ts';
import { isAtLeast, readLoaderFacts } from '../../src/elf/loader-facts.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { buildElf } from '../support/elf-builder.ts';
import { glibcData } from '../support/loader-trees.ts';

const factsOf = (bytes: Uint8Array) => {
  const source = bytesSource(bytes);
  return readLoaderFacts(source, readElf(source).segments);
};

describe('readLoaderFacts', () => {
  test('the release and the default directories stand in the loader’s own strings', () => {
    const directories = ['/lib/x86_64-linux-gnu/', '/usr/lib/x86_64-linux-gnu/', '/lib/', '/usr/lib/'];
    expect(factsOf(buildElf({ data: glibcData(36, directories) }))).toEqual({
      libc: 'glibc',
      version: [2, 36],
      systemDirectories: directories,
      glibcHwcaps: true,
    });
  });

  test('a loader before 2.33 does not say its release', () => {
    const facts = factsOf(buildElf({ data: glibcData(31) }));
    expect(facts).toMatchObject({ version: null, glibcHwcaps: false });
    expect([isAtLeast(facts, 30), isAtLeast(facts, 33)]).toEqual([true, false]);
  });

  test('musl names itself', () => {
    expect(factsOf(buildElf({ data: 'x\0musl libc (x86_64)\nVersion' }))).toMatchObject({ libc: 'musl' });
  });

  test('the loader of the running node has default directories', () => {
    const { interpreter } = readElf(bytesSource(readFileSync(process.execPath)));
    const facts = factsOf(readFileSync(interpreter as string));
    expect(facts.systemDirectories?.every((path) => /^\/.*lib.*\/$/.test(path))).toBe(true);
  });
});
