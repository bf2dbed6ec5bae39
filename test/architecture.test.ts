import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  circleFaults,
  importFaults,
  innerCircleFaults,
  stepFaults,
  tableFaults,
} from './support/import-faults.ts';
import { EVERYWHERE, ROOMS, STEPS } from './support/import-table.ts';
import { fileImports, packagesOf, readSources, sourcesOf, TOP } from './support/sources.ts';

const sources = readSources();

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

  test('have no circle inside of a room either', () => {
    expect(innerCircleFaults(sources)).toEqual([]);
  });

  test('of a step of slim import the steps that the table lists, which docs/architecture.md shows in this order', () => {
    expect(stepFaults(sources)).toEqual([]);
    const page = readFileSync(join(TOP, 'docs/architecture.md'), 'utf8');
    const shown = [...page.matchAll(/^slim\/([\w-]+)\/ .*?(?:<- (.*))?$/gm)];
    expect(
      Object.fromEntries(shown.map(([, step, others = '']) => [step, others.split(' ').filter(Boolean)])),
    ).toEqual(STEPS);
    const order = shown.map(([, step]) => step as string);
    expect(order).toEqual(Object.keys(STEPS));
    const upwards = Object.entries(STEPS).flatMap(([step, others]) =>
      others.filter((other) => order.indexOf(other) > order.indexOf(step)),
    );
    expect(upwards).toEqual([]);
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

  test('a circle of two folders of a room, of a folder and a file beside it', () => {
    const folders = sourcesOf({
      'slim/find/a.ts': "import type { B } from '../plan/b.ts';",
      'slim/find/c.ts': '',
      'slim/plan/b.ts': "import { c } from '../find/c.ts';",
    });
    expect(innerCircleFaults(folders)).toEqual(['circle inside of a room: slim/find, slim/plan']);
    const beside = sourcesOf({
      'sweep/a.ts': "import { b } from './queue/b.ts';",
      'sweep/queue/b.ts': '',
      'sweep/queue/c.ts': "import type { A } from '../a.ts';",
    });
    expect(innerCircleFaults(beside)).toEqual(['circle inside of a room: sweep/a.ts, sweep/queue']);
  });

  test('a step that imports another than its row says, and a row for none', () => {
    const planted = sourcesOf({
      'slim/find/a.ts': "import { b } from '../write/b.ts';",
      'slim/write/b.ts': '',
    });
    expect(stepFaults(planted, { find: ['plan'] })).toEqual([
      'find imports write, which the table does not list',
      'no file needs the row: find imports plan',
    ]);
    expect(stepFaults(planted, { find: ['write'] })).toEqual([]);
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
});
