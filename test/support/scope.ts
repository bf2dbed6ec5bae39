import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../../src/shared/process.ts';
import { lock } from '../../src/slim/state/lock.ts';

/** What all scopes of this clone's test runs begin with. */
const CLONE = `test-${createHash('sha256')
  .update(join(import.meta.dirname, '../..'))
  .digest('hex')
  .slice(0, 8)}`;

/** The scope of the test run of a process: two clones, and two runs of one clone, leave each other alone. */
export function scopeOfTests(pid: number = process.pid): string {
  return `${CLONE}-${pid}`;
}

/**
 * A scope of a test run that no other live worker of it has, until it is disposed of. Scopes are numbered and taken
 * again, so that the helper images of one serve the next suite. The numbers of vitest do not do: it gave two workers at
 * work one pool id.
 */
export async function takeScope(run: string): Promise<AsyncDisposable & { readonly name: string }> {
  for (let number = 1; ; number += 1) {
    const name = `${run}-w${number}`;
    const held = await lock(join(tmpdir(), `${name}.lock`), { busy: () => new ScopeTaken() }).catch(
      (error) => {
        if (error instanceof ScopeTaken) return null;
        throw error;
      },
    );
    if (held !== null) return { name, [Symbol.asyncDispose]: () => held[Symbol.asyncDispose]() };
  }
}

class ScopeTaken extends Error {}

/** The test run that the scope of a worker belongs to. */
export function runOfScope(scope: string): string {
  return scope.replace(/-w\d+$/, '');
}

/** Where the suites of a test run share one sweep of the fixtures. */
export function sharedSweepOf(run: string): string {
  return join(tmpdir(), `${run}-swept`);
}

/** Whether a scope is that of a test run, or of a worker or a test of it. */
export function isScopeOf(run: string, scope: string): boolean {
  return scope === run || scope.startsWith(`${run}-`);
}

/** Whether a scope, or a name that begins with it, is that of a test run of this clone whose process has died. */
export function isDeadScope(scope: string): boolean {
  const [, pid] = new RegExp(`^${CLONE}-(\\d+)(?:-|$)`).exec(scope) ?? [];
  return pid !== undefined && !isAlive(Number(pid));
}
