import type { Probe } from './probe.ts';

/**
 * Where a workload is found, the first of these that has requests: a `kraft-slim.yaml`, the entry's README, its
 * `test_NAME.py`, its `RunConfig.yaml`, or nothing but what is usual.
 */
export const WORKLOAD_SOURCES = ['config', 'readme', 'test', 'runconfig', 'derived'] as const;
export type WorkloadSource = (typeof WORKLOAD_SOURCES)[number];

/** How an app is exercised: started, waited for, asked. */
export type Workload = {
  readonly source: WorkloadSource;
  /** Ports of the app that must listen before it is asked; none for a program that runs once. */
  readonly ports: readonly number[];
  /** UDP ports of the app that must be bound before it is asked. */
  readonly udpPorts: readonly number[];
  /** A text that the app has to print before it is asked; null for none. */
  readonly readyLine: string | null;
  readonly probes: readonly Probe[];
  /** Programs that the app connects to; they start before it, in its network. */
  readonly services: readonly Service[];
  /** `none`: loopback alone, which the app shares with its services and clients. */
  readonly network: 'none' | 'bridge';
  /** How often the app is run over the full root file system: once untraced, all other times traced. 2 at least. */
  readonly runs: number;
  readonly limits: WorkloadLimits;
};

/** A program that an app needs to be there: a database, a server that it asks. */
export type Service = {
  readonly command: readonly string[];
  /** The image that it is in; null for the unit's full image. */
  readonly image: string | null;
  readonly env: Readonly<Record<string, string>>;
  /** Ports that must listen before the app starts. */
  readonly ports: readonly number[];
};

export type WorkloadLimits = {
  /** From the start until all ports listen. */
  readonly readyMs: number;
  /** For one probe; for a program that runs once, its whole life. */
  readonly probeMs: number;
  readonly memoryBytes: number;
  readonly pids: number;
  /** What the app may write to its disk. */
  readonly diskBytes: number;
};

export const DEFAULT_LIMITS: WorkloadLimits = {
  readyMs: 30_000,
  probeMs: 30_000,
  memoryBytes: 2 * 1024 ** 3,
  pids: 1024,
  diskBytes: 1024 ** 3,
};

/** The defaults of a workload. */
export const USUAL: Pick<Workload, 'udpPorts' | 'readyLine' | 'services' | 'network' | 'runs' | 'limits'> = {
  udpPorts: [],
  readyLine: null,
  services: [],
  network: 'none',
  runs: 2,
  limits: DEFAULT_LIMITS,
};
