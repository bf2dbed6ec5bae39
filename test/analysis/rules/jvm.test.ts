import { expect, test } from 'vitest';
import { jvm } from '../../../src/analysis/rules/jvm.ts';
import { heldBy, NOTHING_HELD } from './rule-context.ts';

const HOME = '/usr/lib/jvm/java-17';

test('the runtime is held by the real place of its launcher', async () => {
  const names = [
    'bin/java',
    'lib/modules',
    'lib/jvm.cfg',
    'lib/libjli.so',
    'lib/server/libjvm.so',
    'lib/libjava.so',
    'lib/libawt.so',
    'lib/security/default.policy',
    'conf/security/java.security',
    'conf/security/policy/unlimited/default_US_export.policy',
    'conf/management/management.properties',
    'legal/java.base/LICENSE',
  ];
  const tree = {
    ...Object.fromEntries(names.map((name) => [`${HOME}/${name}`, ''])),
    '/usr/bin/java': 'symlink /etc/alternatives/java',
    '/etc/alternatives/java': `symlink ${HOME}/bin/java`,
    [`${HOME}/lib/security/cacerts`]: 'symlink /etc/ssl/certs/java/cacerts',
    '/etc/ssl/certs/java/cacerts': 'a key store',
  };
  expect(await heldBy(jvm, { tree, program: '/usr/bin/java' })).toEqual({
    paths: [
      `${HOME}/conf/security/java.security`,
      `${HOME}/conf/security/policy/unlimited/default_US_export.policy`,
      `${HOME}/lib/jvm.cfg`,
      `${HOME}/lib/modules`,
      `${HOME}/lib/security/cacerts`,
      `${HOME}/lib/security/default.policy`,
    ],
    libraries: [`${HOME}/lib/libjava.so`, `${HOME}/lib/libjli.so`, `${HOME}/lib/server/libjvm.so`],
  });
});

test('a program of that name without a runtime holds nothing', async () => {
  expect(await heldBy(jvm, { tree: { '/bin/java': '' }, program: '/bin/java' })).toEqual(NOTHING_HELD);
});
