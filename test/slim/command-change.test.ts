import { expect, test } from 'vitest';
import type { RootfsUnit, UnitKraftfile } from '../../src/entry/unit.ts';
import { commandChange } from '../../src/slim/command-change.ts';
import { neededEnv } from '../../src/slim/needed-env.ts';
import { unitKraftfile } from '../support/kraftfile.ts';

const unitOf = (...kraftfiles: [UnitKraftfile, ...UnitKraftfile[]]): RootfsUnit => ({
  name: 'entry',
  catalogRoot: '/catalog',
  directory: '/catalog/entry',
  context: '/catalog/entry',
  dockerfile: 'Dockerfile',
  kraftfiles,
  class: 'complete',
});

const launch = { kraftfile: 'Kraftfile', argv: ['/app', '-v'], env: {} } as const;

test.each([
  ['none', ['runtime: base:latest']],
  ['an empty one', ['runtime: base:latest', 'cmd: []']],
])('a Kraftfile with %s gets the command that the image runs, and nothing else changes', (_, lines) => {
  const kraftfile = unitKraftfile(lines);
  const [change, ...more] = commandChange(unitOf(kraftfile), launch);
  expect(more).toEqual([]);
  expect(change).toMatchObject({ name: 'Kraftfile', before: kraftfile.kraftfile.text });
  expect(change?.after).toMatch(/^spec: v0\.6\n\n?runtime: base:latest\n+cmd: \["\/app", "-v"\]\n$/);
});

test('a Kraftfile with a command of its own stays as it is', () => {
  expect(commandChange(unitOf(unitKraftfile(['cmd: ["/other"]'])), launch)).toEqual([]);
});

test('it is the Kraftfile of the launch that changes', () => {
  const unit = unitOf(unitKraftfile([], 'Kraftfile.a'), unitKraftfile([], 'Kraftfile.b'));
  expect(commandChange(unit, { ...launch, kraftfile: 'Kraftfile.b' }).map(({ name }) => name)).toEqual([
    'Kraftfile.b',
  ]);
});

test('a stage from scratch has to set again what some platform sets otherwise or not at all', () => {
  const kernel = unitKraftfile(['unikraft: { kconfig: { CONFIG_LIBPOSIX_ENVIRON_ENVP0: "HOME=/" } }']);
  const image = { env: ['HOME=/', 'PWD=/', 'LANG=C.UTF-8'] };
  expect(neededEnv(unitOf(unitKraftfile([])), image)).toEqual({ LANG: 'C.UTF-8' });
  expect(neededEnv(unitOf(unitKraftfile([]), kernel), image)).toEqual({ PWD: '/', LANG: 'C.UTF-8' });
  expect(neededEnv(unitOf(unitKraftfile([])), { env: ['HOME=/root'] })).toEqual({ HOME: '/root' });
});
