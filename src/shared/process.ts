import { readFileSync } from 'node:fs';

/**
 * Whether a process of this host runs, kill(2) with signal 0; another user's counts as well. A process that has ended
 * and that its parent has not waited for yet does not: its number answers, and it does nothing any more.
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const state = statOf(pid)?.[0];
  return state !== 'Z' && state !== 'X';
}

/**
 * When a process was started, in clock ticks since boot: field 22 of /proc/PID/stat, proc(5); undefined without
 * /proc.
 */
export function startTimeOf(pid: number): number | undefined {
  const ticks = statOf(pid)?.[19];
  return ticks === undefined ? undefined : Number(ticks);
}

/** The fields of /proc/PID/stat, proc(5), from the third (its state) on; undefined without /proc. */
function statOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
