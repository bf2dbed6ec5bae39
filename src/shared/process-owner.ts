import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { isAlive, startTimeOf } from './process.ts';

/**
 * The owner of what this process makes, `HOST/PID/START/NAMESPACE/BOOT`: the process, the time it started,
 * and where its number means anything, so that a later run can see what has no owner any more.
 */
export function ownerOfThisProcess(): string {
  return [hostname(), process.pid, startTimeOf(process.pid) ?? 0, pidNamespace(), bootId()].join('/');
}

/**
 * Whether the process that made something has died. What was made where we cannot see processes is never called
 * abandoned: on another host, in another container, or by another machine of the same name. That is also so after
 * a restart of the machine, and then `clean` is the way.
 */
export function isAbandoned(owner: string): boolean {
  const [host, pid, start, namespace, boot] = owner.split('/');
  if (host !== hostname() || pid === undefined) return false;
  if (namespace !== pidNamespace() || boot !== bootId()) return false;
  if (!isAlive(Number(pid))) return true;
  const startTime = startTimeOf(Number(pid));
  return startTime !== undefined && String(startTime) !== start;
}

/** The number of the namespace in which process numbers are counted, pid_namespaces(7); `-` without /proc. */
function pidNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '-';
  } catch {
    return '-';
  }
}

/** A number that every start of a machine gets, random(4), since namespaces have the same numbers on all; or `-`. */
function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return '-';
  }
}
