import { execFileSync } from 'node:child_process';
import { builtinModules } from 'node:module';
import { describe, expect, test } from 'vitest';
import { moduleReruns } from '../../../src/workload/second-look/module-reruns.ts';

describe('the second look at an interpreter', () => {
  test.each([
    '/usr/bin/python3.11',
    '/usr/local/bin/python3',
    'python3.13t',
    '/usr/bin/perl',
    '/usr/bin/ruby3.1',
    '/usr/bin/php8.2',
    '/usr/bin/node',
    '/usr/lib/jvm/java-17-openjdk-amd64/bin/java',
  ])('%s runs one program', (program) => {
    const [rerun, ...more] = moduleReruns([program, '/app/server']);
    expect(rerun?.argv[0]).toBe(program);
    expect(rerun?.argv).not.toContain('/app/server');
    expect(more).toEqual([]);
  });

  test.each(['/usr/sbin/nginx', '/usr/bin/python-config', '/usr/bin/perldoc', '/usr/bin/nodeenv'])(
    '%s is no interpreter',
    (program) => {
      expect(moduleReruns([program])).toEqual([]);
    },
  );

  test('names each module that loads', () => {
    const [rerun] = moduleReruns(['node']);
    const lines = execFileSync(process.execPath, rerun?.argv.slice(1) ?? [], { encoding: 'utf8' }).split(
      '\n',
    );
    expect(lines).toEqual(expect.arrayContaining(['fs', 'crypto', 'zlib']));
    expect(lines.length).toBeGreaterThan(builtinModules.length / 2);
  });
});
