import type Docker from 'dockerode';
import type { Leftovers } from './engine.ts';
import { ignoreGone } from './gone.ts';
import { isAbandoned, LABEL } from './ownership.ts';

/**
 * Removes what carries our label: containers first, since they hold images and networks.
 * `abandoned` removes only what processes that have died left behind; helper images stay then.
 */
export async function clean(docker: Docker, which: 'all' | 'abandoned'): Promise<Leftovers> {
  const filters = { label: [LABEL] };
  const isMeant = (labels: Record<string, string> | undefined) =>
    which === 'all' || isAbandoned(labels?.[LABEL] ?? '');
  const containers = (await docker.listContainers({ all: true, filters })).filter((one) =>
    isMeant(one.Labels),
  );
  await Promise.all(
    containers.map((one) => docker.getContainer(one.Id).remove({ force: true, v: true }).catch(ignoreGone)),
  );
  const networks = (await docker.listNetworks({ filters })).filter((one) => isMeant(one.Labels));
  await Promise.all(networks.map((one) => docker.getNetwork(one.Id).remove().catch(ignoreGone)));
  const images = (await docker.listImages({ filters })).filter((one) => isMeant(one.Labels));
  for (const image of images) await docker.getImage(image.Id).remove({ force: true }).catch(ignoreGone);
  return {
    containers: containers.map((one) => one.Id),
    networks: networks.map((one) => one.Id),
    images: images.map((one) => one.RepoTags?.[0] ?? one.Id),
  };
}
