import type { Workload } from '../workload/workload.ts';

/** Where work on an entry waits for its turn, when several entries are worked on at once. */
export type Gate = {
  readonly build: <T>(work: () => Promise<T>) => Promise<T>;
  /** `memoryBytes`: what the containers of the run may take together. */
  readonly run: <T>(work: () => Promise<T>, memoryBytes: number) => Promise<T>;
};

/** Of an entry that is alone: nothing waits. */
export const OPEN_GATE: Gate = { build: (work) => work(), run: (work) => work() };

/** What one run of a workload may take: the limits of the app, of its services, and of one client at a time. */
export function memoryOfRun({
  limits,
  services,
  probes,
}: Pick<Workload, 'limits' | 'services' | 'probes'>): number {
  const clients = probes.some(({ kind }) => kind === 'client') ? 1 : 0;
  return limits.memoryBytes * (1 + services.length + clients);
}
