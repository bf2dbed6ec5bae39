import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { groupBy } from '../src/shared/group-by.ts';
import { FILE_SYSTEM_OWNERS, fileSystemFaults, OWNERS, ownerFaults } from './support/owner-faults.ts';
import { folderOf, readSources, TOP } from './support/sources.ts';

const sources = readSources();
const { dependencies, optionalDependencies } = JSON.parse(
  readFileSync(join(TOP, 'package.json'), 'utf8'),
) as Readonly<Record<'dependencies' | 'optionalDependencies', Readonly<Record<string, string>>>>;

describe('the sources', () => {
  test('know each foreign library in one place', () => {
    expect(ownerFaults(sources, Object.keys({ ...dependencies, ...optionalDependencies }))).toEqual([]);
  });

  test('leave files to store/, but for few with a reason', () => {
    expect(fileSystemFaults(sources)).toEqual([]);
  });
});

describe('a planted fault is found:', () => {
  describe('among sources that import each library where they may,', () => {
    const places = Object.entries(OWNERS).flatMap(([name, owners]) =>
      [owners].flat().map((owner) => [name, owner] as const),
    );
    const byFile = groupBy(places, ([name, owner]) =>
      owner.endsWith('.ts') ? owner : `${owner}/${name.replaceAll('/', '-')}.ts`,
    );
    const owned = [...byFile].map(([file, names]): [string, string] => [
      file,
      names.map(([name]) => `import x from '${name}';`).join('\n'),
    ]);
    const faultsWith = (...planted: [string, string][]) =>
      ownerFaults(new Map([...owned, ...planted]), Object.keys(OWNERS));

    test('there is none', () => {
      expect(faultsWith()).toEqual([]);
    });

    test.each([
      ['a library outside its folder', 'slim/a.ts', "import simpleGit from 'simple-git';", 'simple-git'],
      ['a type of it', 'slim/a.ts', "import type { Pack } from 'tar-stream';", 'tar-stream'],
      ['a library outside its file', 'shared/a.ts', "import p from 'yaml';", 'yaml'],
      ['a part of a library', 'image/a.ts', "require.resolve('dockerode/lib/x')", 'dockerode'],
      ['a library that is no dependency', 'cli/a.ts', "import x from '@scope/x/y';", '@scope/x'],
    ])('%s', (_, file, text, name) => {
      expect(faultsWith([file, text])).toEqual([`${file} must not import ${name}`]);
    });

    test('a dependency without an owner', () => {
      expect(ownerFaults(new Map(owned), [...Object.keys(OWNERS), 'left-pad'])).toEqual([
        'left-pad has no owner',
      ]);
    });

    test('a dependency that no file imports', () => {
      const rest = owned.filter(([file]) => folderOf(file) !== 'programs');
      expect(ownerFaults(new Map(rest), Object.keys(OWNERS))).toEqual(['simple-git is imported nowhere']);
    });

    test('an owner of what is no dependency', () => {
      const rest = Object.keys(OWNERS).filter((name) => name !== 'zod');
      expect(ownerFaults(new Map(owned), rest)).toEqual(['zod is owned, but is no dependency']);
    });
  });

  describe('among owners of the file system that all touch it,', () => {
    const owned = Object.keys(FILE_SYSTEM_OWNERS).map((owner): [string, string] => [
      owner.endsWith('/') ? `${owner}a.ts` : owner,
      "import { open } from 'node:fs/promises';",
    ]);

    test('there is none', () => {
      expect(fileSystemFaults(new Map(owned))).toEqual([]);
    });

    test.each([
      "import { existsSync, readFileSync } from 'node:fs';",
      "import fs from 'fs/promises';",
      "const fs = await import('node:fs');",
      "const fs = require('fs');",
      "const fs = process.getBuiltinModule('node:fs');",
    ])('%s elsewhere', (text) => {
      expect(fileSystemFaults(new Map([...owned, ['slim/a.ts', text]]))).toEqual([
        'slim/a.ts must not touch the file system',
      ]);
    });

    test('an owner that touches nothing any more', () => {
      const rest = owned.filter(([file]) => file !== 'slim/spools.ts');
      expect(fileSystemFaults(new Map(rest))).toEqual(['slim/spools.ts touches no file']);
    });
  });
});
