import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { groupBy } from '../src/shared/group-by.ts';
import { circleFaults, importFaults, tableFaults } from './support/import-faults.ts';
import { EVERYWHERE, ROOMS } from './support/import-table.ts';
import {
  codeOf,
  fileImports,
  folderOf,
  packagesOf,
  readSources,
  type Sources,
  sourcesOf,
  specifiersOf,
  TOP,
} from './support/sources.ts';

/** The place of src/ where each foreign library is known; of a schema library, each border that data crosses. */
const OWNERS: Readonly<Record<string, string | readonly string[]>> = {
  '@grpc/grpc-js': 'engine',
  '@vercel/nft': 'analysis/rules',
  bullmq: 'sweep/queue',
  commander: 'cli',
  diff: 'cli',
  dockerode: 'engine',
  handlebars: 'render',
  ioredis: 'sweep/queue',
  'log-update': 'cli/terminal.ts',
  protobufjs: 'engine',
  'simple-git': 'programs',
  'tar-stream': 'image',
  undici: 'registry',
  yaml: 'shared/yaml-source.ts',
  'yocto-spinner': 'cli/terminal.ts',
  zod: ['config', 'sweep/queue'],
};

/**
 * Who touches the file system, and why not through store/. Whatever lies below a catalog or a state directory is opened
 * by store/ alone, which follows no link out of it; the others know none of its paths.
 */
const FILE_SYSTEM_OWNERS: Readonly<Record<string, string>> = {
  'store/': 'guarded reads and writes of catalogs and state',
  'analysis/host-tree.ts': "the host's strace and its libraries",
  'docker-config/docker-config.ts': "the user's docker config",
  'git/': 'the index aside, and whether there is a repository',
  'image/archive-members.ts': 'spools',
  'image/file-listing.ts': 'constants of stat(2) alone',
  'image/spool-tar.ts': 'spools',
  'image/spool.ts': 'spools',
  'render/template.ts': 'templates of this package',
  'shared/process-owner.ts': '/proc of this process and its kernel',
  'shared/process.ts': '/proc of other processes',
  'shared/version.ts': 'package.json of this package',
  'cli/unknown-words.ts': 'whether a word of the command line is a path, of which nothing is read',
  'slim/state/lock-entry.ts': 'the real name of a directory, as the name of its lock',
  'slim/state/lock.ts': 'locks beside spools, and in a state directory that store/ has opened',
  'slim/state/spools.ts': 'spools',
  'sweep/queue/': 'files that are packed for workers, and unpacked into an empty directory',
  'workload/helper-images.ts': "the host's busybox",
};

function ownerFaults(sources: Sources, dependencies: readonly string[]): string[] {
  const packages = packagesOf(sources);
  const isOwner = (file: string, name: string) => {
    const owners = [OWNERS[name] ?? []].flat();
    return owners.some((owner) => file === owner || file.startsWith(`${owner}/`));
  };
  return [
    ...dependencies.filter((name) => !(name in OWNERS)).map((name) => `${name} has no owner`),
    ...Object.keys(OWNERS)
      .filter((name) => !dependencies.includes(name))
      .map((name) => `${name} is owned, but is no dependency`),
    ...packages
      .filter(([file, name]) => !isOwner(file, name))
      .map(([file, name]) => `${file} must not import ${name}`),
    ...dependencies
      .filter((name) => name in OWNERS && !packages.some(([, imported]) => imported === name))
      .map((name) => `${name} is imported nowhere`),
  ];
}

/**
 * The one place that each border leaves to what it writes: a module that has another way around it.
 * `showOurs` and `ourDocument` take texts of ours, which no foreign word is in.
 */
const BORDERS: Readonly<Record<string, readonly string[]>> = {
  showOurs: ['cli/program.ts', 'words/terminal.ts'],
  ourDocument: ['cli/main.ts', 'words/document.ts'],
};

/** Names of Node and of ours that lead around the border of a place. */
function borderFaults(sources: Sources): string[] {
  return [...sources].flatMap(([file, text]) => {
    const code = codeOf(text);
    const around = Object.entries(BORDERS).filter(
      ([name, files]) => !files.includes(file) && new RegExp(`\\b${name}\\b`).test(code),
    );
    const commands = /[`'"]::(?:error|warning|notice|debug|group|add-mask|set-output)\b|[`'"]##\[/.test(code);
    return [
      ...around.map(([name]) => `${file} must not use ${name}`),
      ...(commands ? [`${file} must not write a workflow command`] : []),
    ];
  });
}

function fileSystemFaults(sources: Sources): string[] {
  const owners = Object.keys(FILE_SYSTEM_OWNERS);
  const touching = [...sources].filter(([, text]) =>
    specifiersOf(text).some((name) => /^(node:)?fs(\/|$)/.test(name)),
  );
  const isOf = (owner: string, file: string) =>
    file === owner || (owner.endsWith('/') && file.startsWith(owner));
  return [
    ...touching
      .filter(([file]) => !owners.some((owner) => isOf(owner, file)))
      .map(([file]) => `${file} must not touch the file system`),
    ...owners
      .filter((owner) => !touching.some(([file]) => isOf(owner, file)))
      .map((owner) => `${owner} touches no file`),
  ];
}

/**
 * Only `main.ts` ends the process, and only it knows the table of exit codes. `bin.ts` may set a code as well: it refuses an old
 * Node, which cannot load the table.
 */
function exitFaults(sources: Sources): string[] {
  const ends = /\bprocess\s*\.\s*(exit|exitCode|abort|reallyExit)\b|\bfrom 'node:process'/;
  const codeFor = (file: string, text: string) =>
    file === 'cli/bin.ts' ? codeOf(text).replaceAll('process.exitCode = ', '') : codeOf(text);
  const ending = [...sources].filter(
    ([file, text]) => file !== 'cli/main.ts' && ends.test(codeFor(file, text)),
  );
  const knowing = fileImports(sources).filter(
    ({ from, to }) => to === 'cli/exit-code.ts' && from !== 'cli/main.ts',
  );
  return [
    ...ending.map(([file]) => `${file} must not end the process`),
    ...knowing.map(({ from }) => `${from} must not know exit codes`),
  ];
}

/** The terminal has one writer. `bin.ts` has words of its own for a Node that cannot load it. */
const WRITERS = ['cli/terminal.ts', 'cli/bin.ts'];

function outputFaults(sources: Sources): string[] {
  return [...sources]
    .filter(
      ([file, text]) =>
        !WRITERS.includes(file) && /\bprocess\s*\.\s*std(out|err)\b|\bconsole\s*\./.test(codeOf(text)),
    )
    .map(([file]) => `${file} must not write to the terminal`);
}

/** Worker threads of this package, which get no program, directory or environment of a catalog. */
const THREADS = ['shared/in-worker.ts', 'shared/serve-work.ts'];

/** Only `programs` starts processes: it says what each gets. */
function programFaults(sources: Sources): string[] {
  const starters = /^(?:node:)?(?:child_process|cluster|worker_threads)$/;
  const starts = (text: string) =>
    specifiersOf(text).some((specifier) => starters.test(specifier)) ||
    /\bprocess\s*\.\s*(?:binding|getBuiltinModule|dlopen|execve)\b/.test(codeOf(text));
  return [...sources]
    .filter(([file, text]) => folderOf(file) !== 'programs' && !THREADS.includes(file) && starts(text))
    .map(([file]) => `${file} must not start programs`);
}

/** Lists of unknown length that are handed over as arguments, of which a call takes about 125,000. */
function spreadFaults(sources: Sources): string[] {
  const spread = /\.(?:push|unshift)\(\s*\.\.\.|\bfromC(?:har|odePoint)\w*\(\s*\.\.\./;
  return [...sources]
    .filter(([, text]) => spread.test(codeOf(text)))
    .map(([file]) => `${file} must append items, not spread them`);
}

/** Names that two rooms export for types of the same role: what a reader expects under them is the same. */
const COMMON_TYPES: ReadonlySet<string> = new Set(['Rule']);

/** Exported types with a name that another file exports for another type. */
function typeNameFaults(sources: Sources): string[] {
  const exported = [...sources].flatMap(([file, text]) =>
    [...codeOf(text).matchAll(/^export (?:type|interface|class) (\w+)\b(?! *[,}])/gm)].map(
      ([, name]) => [name as string, file] as const,
    ),
  );
  return [...groupBy(exported, ([name]) => name)]
    .filter(([name, places]) => places.length > 1 && !COMMON_TYPES.has(name))
    .map(([name, places]) => `${name} is a type of ${places.map(([, file]) => file).join(' and of ')}`);
}

const sources = readSources();
const { dependencies, optionalDependencies } = JSON.parse(
  readFileSync(join(TOP, 'package.json'), 'utf8'),
) as Readonly<Record<'dependencies' | 'optionalDependencies', Readonly<Record<string, string>>>>;

describe('the sources', () => {
  test('were all read, with what they import', () => {
    expect(sources.size).toBeGreaterThan(100);
    expect(fileImports(sources)).toContainEqual({ from: 'cli/bin.ts', to: 'cli/main.ts', isType: false });
    expect(fileImports(sources)).toContainEqual({
      from: 'plan/plan.ts',
      to: 'analysis/need.ts',
      isType: true,
    });
    expect(packagesOf(sources)).toContainEqual(['image/spool-tar.ts', 'tar-stream']);
  });

  test('import what the table of rooms lists', () => {
    expect(importFaults(sources)).toEqual([]);
  });

  test('need every row of the table, which has no circle', () => {
    expect(tableFaults(sources)).toEqual([]);
  });

  test('import each other in no circle, types included', () => {
    expect(circleFaults(sources)).toEqual([]);
  });

  test('are described by docs/architecture.md, each room below those that it imports', () => {
    const page = readFileSync(join(TOP, 'docs/architecture.md'), 'utf8');
    const rooms = [...page.matchAll(/^([\w-]+)\/ /gm)].map(([, name]) => name as string);
    expect(rooms).toEqual(Object.keys(ROOMS));
    const imports = Object.entries(ROOMS).flatMap(([name, { values = [], types = [] }]) =>
      [...values, ...types].map((other) => [name, other] as const),
    );
    expect(imports.filter(([name, other]) => rooms.indexOf(other) > rooms.indexOf(name))).toEqual([]);
    const files = [...page.matchAll(/`((?:src|test)\/)?([\w-]+\/[\w/-]+\.ts)`/g)];
    const missing = files.filter(([, top = 'src/', name]) => !existsSync(join(TOP, top, name as string)));
    expect(files.length).toBeGreaterThan(20);
    expect(missing.map(([path]) => path)).toEqual([]);
  });

  test('know each foreign library in one place', () => {
    expect(ownerFaults(sources, Object.keys({ ...dependencies, ...optionalDependencies }))).toEqual([]);
  });

  test('leave files to store/, but for few with a reason', () => {
    expect(fileSystemFaults(sources)).toEqual([]);
  });

  test('leave exit codes to main.ts', () => {
    expect(exitFaults(sources)).toEqual([]);
  });

  test('leave starting programs to programs', () => {
    expect(programFaults(sources)).toEqual([]);
    expect(
      programFaults(sourcesOf({ 'programs/a.ts': sources.get('programs/run-program.ts') ?? '' })),
    ).toEqual([]);
    expect(
      programFaults(sourcesOf({ 'slim/a.ts': sources.get('programs/run-program.ts') ?? '' })),
    ).toHaveLength(1);
  });

  test('hand over no list of unknown length as arguments', () => {
    expect(spreadFaults(sources)).toEqual([]);
    const planted = { 'slim/a.ts': 'all.push(...more);', 'slim/b.ts': 'String.fromCharCode(...codes)' };
    expect(spreadFaults(sourcesOf(planted))).toHaveLength(2);
  });

  test('export a type under a name of its kind alone', () => {
    expect(typeNameFaults(sources)).toEqual([]);
    const planted = { 'elf/a.ts': 'export type Answer = 1;', 'plan/b.ts': 'export interface Answer {}' };
    expect(typeNameFaults(sourcesOf(planted))).toEqual(['Answer is a type of elf/a.ts and of plan/b.ts']);
  });

  test('leave the terminal to one module', () => {
    expect(outputFaults(sources)).toEqual([]);
  });

  test('have no way around the borders for foreign words', () => {
    expect(borderFaults(sources)).toEqual([]);
  });
});

describe('a planted fault is found:', () => {
  test.each([
    [
      'a search that knows the engine',
      { 'search/a.ts': "import { b } from '../engine/b.ts';", 'engine/b.ts': '' },
    ],
    [
      'a plan that asks registries',
      { 'plan/a.ts': "import { b } from '../registry/b.ts';", 'registry/b.ts': '' },
    ],
    [
      'a registry over an engine',
      { 'registry/a.ts': "import { b } from '../engine/b.ts';", 'engine/b.ts': '' },
    ],
    ['a verb over a verb', { 'sweep/a.ts': "import { b } from '../refresh/b.ts';", 'refresh/b.ts': '' }],
    ['a type of a verb', { 'slim/a.ts': "import type { B } from '../check/b.ts';", 'check/b.ts': '' }],
    [
      'a command over a command',
      { 'cli/new-command.ts': "import { b } from './pr-command.ts';", 'cli/pr-command.ts': '' },
    ],
    [
      'a value where types alone are',
      { 'slim/a.ts': "import { b } from '../engine/b.ts';", 'engine/b.ts': '' },
    ],
    [
      'a value among types',
      { 'slim/a.ts': "import { type A, b } from '../engine/b.ts';", 'engine/b.ts': '' },
    ],
    ['an import upwards', { 'plan/a.ts': "import { b } from '../slim/b.ts';", 'slim/b.ts': '' }],
    ['a type from above', { 'plan/a.ts': "import type { B } from '../slim/b.ts';", 'slim/b.ts': '' }],
    ['an export from above', { 'plan/a.ts': "export { b } from '../slim/b.ts';", 'slim/b.ts': '' }],
    ['all exports from above', { 'plan/a.ts': "export * from '../slim/b.ts';", 'slim/b.ts': '' }],
    [
      'an import upwards over several lines',
      { 'elf/a.ts': "import {\n  b,\n} from '../plan/b.ts';", 'plan/b.ts': '' },
    ],
    ['an import at run time', { 'elf/a.ts': "await import('../plan/b.ts');", 'plan/b.ts': '' }],
    ['an import for its effects', { 'elf/a.ts': "import '../plan/b.ts';", 'plan/b.ts': '' }],
    ['a folder that is not known', { 'utils/a.ts': '' }],
    ['a file outside all folders', { 'a.ts': '' }],
    ['an import from outside src', { 'elf/a.ts': "import x from '../../test/b.ts';" }],
  ])('%s', (_, table) => {
    expect(importFaults(sourcesOf(table))).toHaveLength(1);
  });

  test.each([
    [
      'types where types alone are',
      { 'slim/a.ts': "import { type B } from '../engine/b.ts';", 'engine/b.ts': '' },
    ],
    ['a type', { 'slim/a.ts': "import type { B } from '../engine/b.ts';", 'engine/b.ts': '' }],
    ['a unit that a verb slims', { 'sweep/a.ts': "import { b } from '../slim/b.ts';", 'slim/b.ts': '' }],
  ])('but no fault is %s', (_, table) => {
    expect(importFaults(sourcesOf(table))).toEqual([]);
  });

  test('a verb over a verb, whatever the table allows', () => {
    const rooms = { sweep: { values: ['refresh'] }, refresh: {} };
    const planted = { 'sweep/a.ts': "import { b } from '../refresh/b.ts';", 'refresh/b.ts': '' };
    expect(importFaults(sourcesOf(planted), rooms)).toHaveLength(1);
  });

  test('a circle of types, of two files and of three', () => {
    const two = {
      'elf/a.ts': "import type { B } from './b.ts';",
      'elf/b.ts': "import type { A } from './a.ts';",
    };
    const three = { ...two, 'elf/b.ts': "export type { C } from './c.ts';", 'elf/c.ts': "import('./a.ts')" };
    expect(circleFaults(sourcesOf(two))).toEqual(['circle of files: elf/a.ts, elf/b.ts']);
    expect(circleFaults(sourcesOf(three))).toEqual(['circle of files: elf/a.ts, elf/b.ts, elf/c.ts']);
  });

  test('a table with a circle, with an import that no file has, or with a reason for none', () => {
    const planted = sourcesOf({
      'a/a.ts': "import { b } from '../b/b.ts';",
      'b/b.ts': "import type { A } from '../a/a.ts';",
    });
    expect(tableFaults(planted, { a: { values: ['b'] }, b: {} })).toEqual([]);
    expect(tableFaults(planted, { a: { values: ['b'] }, b: { types: ['a'] } })).toEqual([
      'circle of rooms: a, b',
    ]);
    expect(tableFaults(planted, { a: { values: ['b', 'c'] }, b: { because: { a: 'x' } }, c: {} })).toEqual([
      'a imports no c',
      'b has a reason for a, which it does not import',
      'c is in the table, and no folder',
    ]);
    expect(tableFaults(planted, { a: {}, b: { values: ['a'] } })).toEqual(['b imports types alone of a']);
  });

  test('a room without an import is no licence to import', () => {
    expect(Object.keys(ROOMS)).toContain(EVERYWHERE);
    expect(ROOMS[EVERYWHERE]).toEqual({});
    expect(ROOMS.search).toEqual({});
  });

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

    test('a dependency that nobody imports', () => {
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
      const rest = owned.filter(([file]) => file !== 'slim/state/spools.ts');
      expect(fileSystemFaults(new Map(rest))).toEqual(['slim/state/spools.ts touches no file']);
    });
  });

  test.each([
    ['cli/bin.ts', 'process.exit(1);'],
    ['slim/a.ts', 'process.exitCode = 1;'],
    ['slim/a.ts', "import { exit } from 'node:process';"],
    ['slim/a.ts', "import { EXIT } from '../cli/exit-code.ts';"],
    ['cli/commands.ts', "import { EXIT } from './exit-code.ts';"],
  ])('in %s: %s', (file, text) => {
    expect(exitFaults(sourcesOf({ [file]: text }))).toHaveLength(1);
  });

  test.each(["process.stdout.write('x')", 'process.stderr.isTTY', "console.log('x')"])(
    'in any file: %s',
    (text) => {
      expect(outputFaults(sourcesOf({ 'slim/a.ts': text, 'cli/a.ts': text }))).toHaveLength(2);
      expect(outputFaults(sourcesOf({ 'cli/terminal.ts': text }))).toEqual([]);
    },
  );

  test.each(['print(showOurs(name))', 'const line = `::error file=${file}::x`;', "write('##[group]')"])(
    'around a border: %s',
    (text) => {
      expect(borderFaults(sourcesOf({ 'cli/a.ts': text }))).toHaveLength(1);
    },
  );

  test.each([
    "import { spawn } from 'node:child_process';",
    "const { exec } = await import('child_process');",
    "import { Worker } from 'node:worker_threads';",
    "require('cluster')",
    "process.getBuiltinModule('node:child_process')",
  ])('in engine: %s', (text) => {
    expect(programFaults(sourcesOf({ 'engine/a.ts': text }))).toEqual([
      'engine/a.ts must not start programs',
    ]);
    expect(programFaults(sourcesOf({ 'programs/a.ts': text }))).toEqual([]);
  });

  test('but words in a comment are no code', () => {
    const text =
      "/**\n * process.exit(1), import x from 'left-pad'\n */\n// console.log('x')\nconst x = 1; // process.exit\n";
    const planted = sourcesOf({ 'slim/a.ts': text });
    expect([...exitFaults(planted), ...outputFaults(planted), ...packagesOf(planted)]).toEqual([]);
  });
});
