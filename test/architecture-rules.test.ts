import { describe, expect, test } from 'vitest';
import {
  borderFaults,
  exitFaults,
  outputFaults,
  programFaults,
  spreadFaults,
  typeNameFaults,
} from './support/rule-faults.ts';
import { packagesOf, readSources, sourcesOf } from './support/sources.ts';

const sources = readSources();

describe('the sources', () => {
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
