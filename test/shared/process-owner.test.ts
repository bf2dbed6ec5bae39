import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { isAbandoned, ownerOfThisProcess } from '../../src/shared/process-owner.ts';

/** The owner of this process with some of its parts changed. */
function owner(changes: {
  host?: string;
  pid?: number;
  start?: string;
  namespace?: string;
  boot?: string;
}): string {
  const [host, pid, start, namespace, boot] = ownerOfThisProcess().split('/');
  return Object.values({ host, pid, start, namespace, boot, ...changes }).join('/');
}
const { pid: deadPid } = spawnSync(process.execPath, ['--version']);

describe('what is abandoned', () => {
  test('is what a process has made that has ended', () => {
    expect(isAbandoned(owner({ pid: deadPid }))).toBe(true);
  });

  test.runIf(process.platform === 'linux')('is what another process with our number has made', () => {
    expect(isAbandoned(owner({ start: '1' }))).toBe(true);
  });

  test.each([
    ['what this process makes', owner({})],
    ['what another host makes', owner({ host: 'elsewhere', pid: deadPid })],
    ['what another container of the same name makes', owner({ namespace: '1', pid: deadPid })],
    ['what another machine of the same name makes', owner({ boot: '1', pid: deadPid })],
    ['what says nothing of where it was made', owner({}).split('/').slice(0, 3).join('/')],
    ['what stays until clean', 'permanent'],
  ])('is not %s', (_, label) => {
    expect(isAbandoned(label)).toBe(false);
  });
});
