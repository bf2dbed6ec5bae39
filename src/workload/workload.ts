import type { Probe } from './probe.ts';

/** How an app is exercised: started, waited for, asked. */
export type Workload = {
  /** Where it was found: a `kraft-slim.yaml`, the entry's README, or nothing but what is usual. */
  readonly source: 'config' | 'readme' | 'derived';
  /** Ports of the app that must listen before it is asked; none for a program that runs once. */
  readonly ports: readonly number[];
  readonly probes: readonly Probe[];
  readonly limits: WorkloadLimits;
};

export type WorkloadLimits = {
  /** From the start until all ports listen. */
  readonly readyMs: number;
  /** For one probe; for a program that runs once, its whole life. */
  readonly probeMs: number;
  readonly memoryBytes: number;
  readonly pids: number;
};

export const DEFAULT_LIMITS: WorkloadLimits = {
  readyMs: 30_000,
  probeMs: 30_000,
  memoryBytes: 2 * 1024 ** 3,
  pids: 1024,
};
