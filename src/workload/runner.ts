import type { Engine } from '../engine/engine.ts';
import { removingLate } from '../engine/late-removal.ts';
import type { NetworkPool } from './network-pool.ts';
import { type Observation, type RunRequest, runLaunch } from './run-launch.ts';
import type { Sidecar, SidecarNetwork } from './sidecar.ts';

/**
 * Runs apps one after the other, never two at once, each as `runLaunch` does, in fresh containers. But what is over is
 * removed while the next one's files are put into their container, and all have the same network as long as nothing
 * is left in it. When it is disposed of, no container is left.
 */
export interface Runner extends AsyncDisposable {
  run(request: RunRequest): Promise<Observation>;
}

export function runnerOver(engine: Engine, networks: NetworkPool): Runner {
  const late = removingLate(engine);
  const held = new Map<SidecarNetwork, Sidecar>();
  const take = async (network: SidecarNetwork): Promise<Sidecar> => {
    const last = held.get(network);
    const isVacant = last !== undefined && (await last.isVacant());
    // where it is not, the pool finds that out as well, and makes another
    if (last !== undefined && !isVacant) await giveBack(network, last);
    const sidecar = isVacant ? last : await networks.take(engine, network);
    held.set(network, sidecar);
    return { ...sidecar, [Symbol.asyncDispose]: async () => undefined };
  };
  const giveBack = async (network: SidecarNetwork, sidecar: Sidecar) => {
    held.delete(network);
    // another's run may be in it from now on
    await late[Symbol.asyncDispose]();
    await sidecar[Symbol.asyncDispose]();
  };
  return {
    run: (request) => runLaunch(late, request, take),
    async [Symbol.asyncDispose]() {
      await late[Symbol.asyncDispose]();
      for (const [network, sidecar] of [...held]) await giveBack(network, sidecar);
    },
  };
}
