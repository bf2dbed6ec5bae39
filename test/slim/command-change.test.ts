import { expect, test } from 'vitest';
import { platformEnv } from '../../src/entry/launch.ts';
import type { RootfsUnit, UnitKraftfile } from '../../src/entry/unit.ts';
import { commandChanges } from '../../src/slim/render/command-change.ts';
import { neededEnv } from '../../src/slim/render/needed-env.ts';
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

const image = { entrypoint: ['/app'], cmd: ['-v'] } as const;

test.each([
  ['none', ['runtime: base:latest']],
  ['an empty one', ['runtime: base:latest', 'cmd: []']],
])('a Kraftfile with %s gets the command that the image runs, and nothing else changes', (_, lines) => {
  const kraftfile = unitKraftfile(lines);
  const [change, ...more] = commandChanges(unitOf(kraftfile), image);
  expect(more).toEqual([]);
  expect(change).toMatchObject({ name: 'Kraftfile', before: kraftfile.kraftfile.text });
  expect(change?.after).toMatch(/^spec: v0\.6\n\n?runtime: base:latest\n+cmd: \["\/app", "-v"\]\n$/);
});

test('a Kraftfile with a command stays as it is', () => {
  expect(commandChanges(unitOf(unitKraftfile(['cmd: ["/other"]'])), image)).toEqual([]);
});

test('every Kraftfile without one changes, and none where the image has none either', () => {
  const unit = unitOf(unitKraftfile([], 'Kraftfile.a'), unitKraftfile(['cmd: ["/b"]'], 'Kraftfile.b'));
  expect(commandChanges(unit, image).map(({ name }) => name)).toEqual(['Kraftfile.a']);
  expect(commandChanges(unit, { entrypoint: [], cmd: [] })).toEqual([]);
});

test('a stage from scratch has to set again what some platform sets otherwise or not at all', () => {
  const base = platformEnv(new Map());
  const kernel = platformEnv(new Map([['CONFIG_LIBPOSIX_ENVIRON_ENVP0', 'HOME=/']]));
  const image = { env: ['HOME=/', 'PWD=/', 'LANG=C.UTF-8'] };
  expect(neededEnv([base], image)).toEqual({ LANG: 'C.UTF-8' });
  expect(neededEnv([base, kernel], image)).toEqual({ PWD: '/', LANG: 'C.UTF-8' });
  expect(neededEnv([base], { env: ['HOME=/root'] })).toEqual({ HOME: '/root' });
});
