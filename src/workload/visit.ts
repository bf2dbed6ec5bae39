import { unlessAborted } from '../shared/unless-aborted.ts';
import { type LentPort, lendLoopback } from './loopback.ts';
import type { Overheard } from './overheard.ts';
import type { Sidecar } from './sidecar.ts';

/** Resolves when the person who uses an app is done; the signal is aborted when the app has ended. */
export type VisitWait = (ended: AbortSignal) => Promise<void>;

/** Lets a person use an app; its ports are reachable on this machine's loopback until `use` resolves. */
export type Visit = {
  /** Resolves when the person is done; the signal is aborted when the app has ended. */
  readonly use: (ports: readonly LentPort[], ended: AbortSignal) => Promise<void>;
  /** Called once, with what clients sent. */
  readonly overhear: (sent: readonly Overheard[]) => void;
};

export type Visited = {
  readonly sidecar: Pick<Sidecar, 'connect'>;
  readonly ports: readonly number[];
  /** Settles when the app has ended. */
  readonly ended: Promise<unknown>;
  readonly signal: AbortSignal;
};

/** Lends the ports of a running app to a person, until that person is done or the app has ended. */
export async function lendApp(visit: Visit, { sidecar, ports, ended, signal }: Visited): Promise<void> {
  await using loopback = await lendLoopback(ports, (port) => sidecar.connect(port));
  const over = new AbortController();
  const appEnded = ended.catch(() => undefined).then(() => over.abort());
  await unlessAborted(Promise.race([visit.use(loopback.ports, over.signal), appEnded]), signal);
  visit.overhear(loopback.overheard());
}
