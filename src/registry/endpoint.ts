import type { RegistrySettings } from '../docker-config/registry-settings.ts';
import { withoutTrailing } from '../shared/trim-end.ts';
import { DOCKER_HUB, type Repository } from './image-reference.ts';
import { inSubnet, isLoopback } from './proxy.ts';

/** One way to reach a registry. */
export type Endpoint = {
  /** `https://registry-1.docker.io`, without a slash at its end. */
  readonly url: string;
  /** Whether its certificate is looked at. */
  readonly trusted: boolean;
  /** A mirror may lack the image, and receives no login. */
  readonly isMirror: boolean;
};

/** The host by which Docker Hub is reached. */
const DOCKER_HUB_HOST = 'registry-1.docker.io';

/**
 * The ways to a repository's registry, in the order in which Docker tries them: the mirrors of Docker Hub, then the
 * registry over TLS; one that is insecure, as all of this machine are, is then asked without looking at its
 * certificate, and last without TLS (registry/service_v2.go of moby).
 */
export function endpointsOf({ host }: Repository, { mirrors, insecure }: RegistrySettings): Endpoint[] {
  const trusted = { trusted: true, isMirror: false };
  if (host === DOCKER_HUB) {
    const before = mirrors.map((url) => ({
      ...trusted,
      url: withoutTrailing(url, '/'),
      isMirror: true,
    }));
    return [...before, { ...trusted, url: `https://${DOCKER_HUB_HOST}` }];
  }
  const name = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  const isInsecure = insecure.some((rule) => rule === host || inSubnet(name, rule));
  if (!isLoopback(name) && !isInsecure) return [{ ...trusted, url: `https://${host}` }];
  return [
    { ...trusted, url: `https://${host}`, trusted: false },
    { ...trusted, url: `http://${host}`, trusted: false },
  ];
}
