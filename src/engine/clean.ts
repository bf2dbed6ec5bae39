import type Docker from 'dockerode';
import { isAbandoned } from '../shared/process-owner.ts';
import { scopeOfRun } from '../shared/scope.ts';
import type { Leftovers } from './engine.ts';
import { nonsense } from './engine-fault.ts';
import { ignoreGone } from './gone.ts';
import { isInScope, LABEL } from './labels.ts';

/**
 * Removes what carries our label and the scope of this run: containers first, since they hold images and networks.
 * `abandoned` removes only what processes that have died left behind; helper images stay then.
 */
export async function clean(docker: Docker, which: 'all' | 'abandoned'): Promise<Leftovers> {
  const filters = { label: [LABEL] };
  const scope = scopeOfRun();
  const isMeant = (labels: Record<string, string> | undefined) =>
    isInScope(labels, scope) && (which === 'all' || isAbandoned(labels?.[LABEL] ?? ''));
  const containers = await removeEach(
    listed('containers', await docker.listContainers({ all: true, filters })).filter((item) =>
      isMeant(item.Labels),
    ),
    (item) => docker.getContainer(item.Id).remove({ force: true, v: true }),
  );
  const networks = await removeEach(
    listed('networks', await docker.listNetworks({ filters })).filter((item) => isMeant(item.Labels)),
    (item) => docker.getNetwork(item.Id).remove(),
  );
  const images = await removeEach(
    listed('images', await docker.listImages({ filters })).filter((item) => isMeant(item.Labels)),
    (item) => docker.getImage(item.Id).remove({ force: true }),
  );
  return {
    containers: containers.map((item) => item.Id),
    networks: networks.map((item) => item.Id),
    images: images.map((item) => item.RepoTags?.[0] ?? item.Id),
  };
}

function listed<Thing>(kind: string, answer: Thing[]): Thing[] {
  if (!Array.isArray(answer)) throw nonsense(`GET /${kind}/json`, { why: 'it is no list' });
  return answer;
}

/** Removes things one by one; gives those that went by it, not those in use or removed by others. */
async function removeEach<Thing>(
  things: readonly Thing[],
  remove: (thing: Thing) => Promise<unknown>,
): Promise<Thing[]> {
  const removed: Thing[] = [];
  for (const thing of things) {
    const wentByUs = await remove(thing).then(
      () => true,
      (error: unknown) => {
        ignoreGone(error);
        return false;
      },
    );
    if (wentByUs) removed.push(thing);
  }
  return removed;
}
