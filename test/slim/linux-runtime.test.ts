import { expect, test } from 'vitest';
import { isLinuxCompatible } from '../../src/entry/unit.ts';
import { readKraftfile } from '../../src/kraftfile/read-kraftfile.ts';
import type { Case } from '../../src/slim/baseline/case.ts';
import { staticStage } from '../../src/slim/find/static-stage.ts';
import { rootfsOf } from '../support/rootfs.ts';

/** The codes of what static analysis says of a start script without an execute bit. */
async function codesOf(about: Partial<Case>): Promise<string[]> {
  const rootfs = await rootfsOf({
    '/start.sh': { content: '#!/bin/sh\nexec /app\n', mode: 0o644 },
    '/bin/sh': 'sh',
  });
  const codes: string[] = [];
  const launch = { kraftfile: 'Kraftfile', argv: ['/start.sh'], env: {} };
  const started = { launch, composition: { kind: 'alone' }, ...about } as unknown as Case;
  const { signal } = new AbortController();
  await staticStage(
    { warn: ({ code }) => codes.push(code) },
    { cases: [started], rootfs, assumptions: [], signal },
  );
  await rootfs[Symbol.asyncDispose]();
  return codes;
}

test('where the runtime is Linux to the app, a script is fine, and a file without an execute bit is not', async () => {
  expect(await codesOf({})).toEqual(['script-cmd', 'not-executable']);
  expect(await codesOf({ isLinux: true })).toEqual(['not-executable']);
});

test.each([
  ['base-compat:latest', true],
  ['unikraft.org/base-compat:latest', true],
  ['index.unikraft.io/official/base-compat', true],
  ['base:latest', false],
  ['node/base-compat:latest', false],
  ['node:21', false],
])('the runtime %s is Linux to an app: %s', (runtime, isLinux) => {
  const text = `spec: v0.7\nruntime: ${runtime}\nrootfs: ./Dockerfile\n`;
  expect(isLinuxCompatible(readKraftfile({ file: 'Kraftfile', text }))).toBe(isLinux);
});
