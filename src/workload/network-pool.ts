import type { Engine } from '../engine/engine.ts';
import { disposeAll } from '../shared/dispose-all.ts';
import { type Sidecar, type SidecarNetwork, startSidecar } from './sidecar.ts';

/**
 * Networks for runs, each with its sidecar. To make one takes an engine longer than to start an app, so that a
 * network that was given back and in which nothing is left is used again. When the pool is disposed of, those in it
 * are removed.
 */
export interface NetworkPool extends AsyncDisposable {
  /** A network for one run at a time; who disposes of it gives it back, when all containers in it are gone. */
  take(engine: Engine, network: SidecarNetwork): Promise<Sidecar>;
}

export function networkPool(): NetworkPool {
  const idle: Record<SidecarNetwork, Sidecar[]> = { none: [], bridge: [] };
  return {
    async take(engine, network) {
      let sidecar = idle[network].pop();
      while (sidecar !== undefined && !(await sidecar.isVacant())) {
        await sidecar[Symbol.asyncDispose]();
        sidecar = idle[network].pop();
      }
      const taken = sidecar ?? (await startSidecar(engine, network));
      return { ...taken, [Symbol.asyncDispose]: async () => void idle[network].push(taken) };
    },
    [Symbol.asyncDispose]: () => disposeAll([...idle.none.splice(0), ...idle.bridge.splice(0)]),
  };
}
