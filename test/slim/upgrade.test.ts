import { expect, test } from 'vitest';
import type { FileChange } from '../../src/slim/file-change.ts';
import { withUpgrades } from '../../src/slim/write/upgrade.ts';
import { unitKraftfile } from '../support/kraftfile.ts';

const DOCKERFILE: FileChange = { name: 'Dockerfile', before: 'a', after: 'b' };
const LINES = ['rootfs: ./Dockerfile', 'runtime: base:latest'];
const old = unitKraftfile(LINES, 'sub/kraft.yml');
const UPGRADED = 'spec: v0.6\n\nruntime: base:latest\n\nrootfs: ./Dockerfile\n';

test('an old kraft.yml becomes a Kraftfile in its place, other changes stay', () => {
  expect(withUpgrades({ kraftfiles: [old] }, [DOCKERFILE])).toEqual([
    { name: 'sub/Kraftfile', before: null, after: UPGRADED, replaces: 'sub/kraft.yml' },
    { name: 'sub/kraft.yml', before: old.kraftfile.text, after: null },
    DOCKERFILE,
  ]);
});

test('what would have been changed in it is in the new one', () => {
  const after = `${old.kraftfile.text}cmd: [a]\n`;
  const [made, ...rest] = withUpgrades({ kraftfiles: [old] }, [
    { name: old.name, before: old.kraftfile.text, after },
  ]);
  expect(made?.after).toBe(`${UPGRADED}\ncmd: [a]\n`);
  expect(rest).toEqual([{ name: old.name, before: old.kraftfile.text, after: null }]);
});

test.each(['Kraftfile', 'Kraftfile.yaml', 'Kraftfile.ls'])('a %s stays as it is', (name) => {
  const kraftfiles = [unitKraftfile(LINES, name)] as const;
  expect(withUpgrades({ kraftfiles }, [DOCKERFILE])).toEqual([DOCKERFILE]);
});
