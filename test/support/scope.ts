import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { isAlive } from '../../src/shared/process.ts';

/** What all scopes of this clone's test runs begin with. */
const CLONE = `test-${createHash('sha256')
  .update(join(import.meta.dirname, '../..'))
  .digest('hex')
  .slice(0, 8)}`;

/** The scope of the test run of a process: two clones, and two runs of one clone, leave each other alone. */
export function scopeOfTests(pid: number = process.pid): string {
  return `${CLONE}-${pid}`;
}

/** The scope of a worker of a test run: the run's, with the worker's number. */
export function scopeOfWorker({ KRAFT_SLIM_SCOPE = '', VITEST_POOL_ID = '0' }: NodeJS.ProcessEnv): string {
  return `${KRAFT_SLIM_SCOPE.replace(/-w\d+$/, '')}-w${VITEST_POOL_ID}`;
}

/** Whether a scope is that of a test run, or of a worker or a test of it. */
export function isScopeOf(run: string, scope: string): boolean {
  return scope === run || scope.startsWith(`${run}-`);
}

/** Whether a scope is that of a test run of this clone whose process has died. */
export function isDeadScope(scope: string): boolean {
  const [, pid] = new RegExp(`^${CLONE}-(\\d+)(?:-|$)`).exec(scope) ?? [];
  return pid !== undefined && !isAlive(Number(pid));
}
