import { hostname } from 'node:os';
import { isAlive, startTimeOf } from '../shared/process.ts';

/** The label that everything carries which the tool makes in an engine. Part of the contract. */
export const LABEL = 'org.unikraft.kraft-slim';

/** The label's value for helper images, which stay until `clean`. */
export const PERMANENT = 'permanent';

/**
 * The label's value for what this process makes: host, process and the time the process started, so that a
 * later run can tell what nobody owns any more.
 */
export function ownerOfThisProcess(): string {
  return `${hostname()}/${process.pid}/${startTimeOf(process.pid) ?? 0}`;
}

/** Whether the process that made something has died. What another host made is never called abandoned. */
export function isAbandoned(owner: string): boolean {
  const [host, pid, start] = owner.split('/');
  if (host !== hostname() || pid === undefined) return false;
  if (!isAlive(Number(pid))) return true;
  const startTime = startTimeOf(Number(pid));
  return startTime !== undefined && String(startTime) !== start;
}
