import type { Readable } from 'node:stream';
import Docker from 'dockerode';
import type { RegistrySettings } from '../docker-config/registry-settings.ts';
import { messageOf, UserError } from '../shared/failure.ts';
import { timeLimit } from '../shared/time-limit.ts';
import { understand } from './answer.ts';
import { buildImage } from './build-image.ts';
import { clean } from './clean.ts';
import { createContainer } from './container.ts';
import { dial } from './dial.ts';
import type { Engine, ImageConfig, ImageId } from './engine.ts';
import { engineAbsent, engineAddress, explainFault, nonsense, whyOf } from './engine-fault.ts';
import { ignoreGone } from './gone.ts';
import { guardDocker, type Run } from './guard-docker.ts';
import { engineLimits, watchHealth } from './health.ts';
import { labelsOfRun, PERMANENT } from './labels.ts';
import { pullImage } from './pull-image.ts';
import { sendStream } from './send-stream.ts';

/** The API version of Engine 20.10, the oldest that is supported. */
const OLDEST_API = '1.41';

/** How long an engine may take to say its version; one that hangs accepts connections and never answers. */
const CONNECT_MS = 15_000;

/**
 * Reaches the engine that DOCKER_HOST names, else the one at its default socket, and settles on an API version
 * that both sides speak.
 * @throws UserError `engine-absent` where nothing answers, `engine-refused` where it answers with a no.
 * @throws the signal's reason where it is aborted.
 */
export async function connectEngine(
  signal?: AbortSignal,
  { limitMs = CONNECT_MS }: { readonly limitMs?: number } = {},
): Promise<Engine> {
  signal?.throwIfAborted();
  const docker = connect();
  const version = await askVersion(docker, signal, limitMs);
  if (typeof version?.ApiVersion !== 'string' || typeof version.Version !== 'string') {
    throw nonsense('GET /version', { why: 'it names no version' });
  }
  if (compareVersions(version.ApiVersion, OLDEST_API) < 0) {
    throw new UserError(
      'engine-refused',
      `cannot use the container engine ${version.Version}: it is older than 20.10`,
      {
        hint: 'install Docker Engine 20.10 or newer',
      },
    );
  }
  const oldest = version.MinAPIVersion ?? OLDEST_API;
  const negotiated = compareVersions(oldest, OLDEST_API) > 0 ? oldest : OLDEST_API;
  const limits = engineLimits();
  const health = watchHealth((within) => ping(docker, within), limits);
  const engineOf = (run: Run): Engine => ({
    // dockerode reads the version once, in its constructor
    ...engineOver(guardDocker(connect(`v${negotiated}`), { ...run, health, limits }), version),
    during: (inner) => engineOf({ ...run, ...inner }),
  });
  return engineOf({ signal });
}

/** Whether the engine is there; any answer says so. */
async function ping(docker: Docker, abortSignal: AbortSignal): Promise<void> {
  await dial(docker, { method: 'GET', path: '/_ping', statusCodes: { 200: true }, abortSignal }).catch(
    (error: unknown) => {
      if ((error as { statusCode?: number }).statusCode === undefined) throw error;
    },
  );
}

/** `GET /version`, for which dockerode takes no signal. */
async function askVersion(
  docker: Docker,
  signal: AbortSignal | undefined,
  limitMs: number,
): Promise<Docker.DockerVersion> {
  const limit = timeLimit(limitMs);
  try {
    return await dial<Docker.DockerVersion>(docker, {
      method: 'GET',
      path: '/version',
      statusCodes: { 200: true },
      abortSignal: AbortSignal.any(signal === undefined ? [limit] : [limit, signal]),
    });
  } catch (error) {
    signal?.throwIfAborted();
    if (!limit.aborted) throw explainConnection(error);
    throw explainConnection(new Error(`it did not answer within ${limitMs / 1000} seconds`));
  }
}

function connect(version?: string): Docker {
  try {
    return new Docker(version === undefined ? {} : { version });
  } catch (error) {
    throw new UserError(
      'engine-absent',
      `cannot use DOCKER_HOST=${process.env.DOCKER_HOST}: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
}

function engineOver(docker: Docker, { Version, Arch }: Docker.DockerVersion): Omit<Engine, 'during'> {
  const labels = labelsOfRun();
  return {
    version: Version,
    architecture: Arch,
    build: (request) => buildImage(docker, request, labels),
    async importImage(tar, reference) {
      const kept = Object.entries(labelsOfRun(PERMANENT));
      const changes = kept.map(([name, value]) => `LABEL ${name}=${value}`);
      const [repo, tag] = reference.split(':');
      // the type leaves out both the promise and the options of POST /images/create?fromSrc=-
      await sendStream(tar, undefined, async (abortSignal) => {
        const options = { repo, tag, changes, abortSignal };
        const answer = (await docker.importImage(tar as never, options as never)) as unknown as Readable;
        await answer.resume().toArray();
      });
      const image = await inspectImage(docker, reference);
      if (image === undefined) throw new Error(`cannot import ${reference}: the engine did not keep it`);
      return image.id;
    },
    inspectImage: (reference) => inspectImage(docker, reference),
    resolveImage: (reference) => resolveImage(docker, reference),
    async resources() {
      const info = (await docker.info()) as { MemTotal: number; NCPU: number };
      return understand('GET /info', () => ({ memoryBytes: info.MemTotal, processors: info.NCPU }));
    },
    async removeImage(id) {
      await docker.getImage(id).remove({ force: true }).catch(ignoreGone);
    },
    pullImage: (request) => pullImage(docker, request),
    async registrySettings() {
      const info = await docker.info();
      return understand('GET /info', () => registrySettingsOf(info));
    },
    createContainer: (spec) => createContainer(docker, spec, labels),
    clean: (which) => clean(docker, which),
  };
}

async function inspectImage(docker: Docker, reference: string): Promise<ImageConfig | undefined> {
  const found = await docker
    .getImage(reference)
    .inspect()
    .catch((error: unknown) => {
      if ((error as { statusCode?: number }).statusCode === 404) return undefined;
      throw error;
    });
  if (found === undefined) return undefined;
  return understand(`GET /images/${reference}/json`, () => ({
    id: found.Id as ImageId,
    env: found.Config.Env ?? [],
    entrypoint: [found.Config.Entrypoint ?? []].flat(),
    cmd: found.Config.Cmd ?? [],
    workingDir: found.Config.WorkingDir ?? '',
    user: found.Config.User ?? '',
    architecture: found.Architecture,
    ports: portsOf(Object.keys(found.Config.ExposedPorts ?? {})),
    layers: found.RootFS.Layers ?? [],
    bytes: found.Size,
    volumes: Object.keys(found.Config.Volumes ?? {}),
    digests: found.RepoDigests ?? [],
  }));
}

/** A build takes the engine's own image before a registry's, and so does this. */
async function resolveImage(docker: Docker, reference: string): Promise<string | undefined> {
  const local = await inspectImage(docker, reference);
  if (local !== undefined) return local.id;
  try {
    const { Descriptor } = (await docker.getImage(reference).distribution()) as {
      Descriptor?: { digest?: string };
    };
    return Descriptor?.digest;
  } catch (error) {
    // no registry, none that answers, or none that lets anyone ask: all the same, the digest is unknown
    if ((error as { statusCode?: number }).statusCode !== undefined) return undefined;
    throw error;
  }
}

/** `6379/tcp`, of which UDP is left out. */
function portsOf(exposed: readonly string[]): number[] {
  const ports = exposed.flatMap((port) => /^(\d+)(?:\/tcp)?$/.exec(port)?.[1] ?? []);
  return ports.map(Number).sort((a, b) => a - b);
}

/** Part of `GET /info`, of which dockerode has no types. */
type EngineInfo = {
  readonly RegistryConfig?: {
    readonly Mirrors?: readonly string[] | null;
    readonly InsecureRegistryCIDRs?: readonly string[] | null;
    readonly IndexConfigs?: Readonly<
      Record<string, { readonly Name: string; readonly Secure: boolean }>
    > | null;
  };
};

function registrySettingsOf({ RegistryConfig = {} }: EngineInfo): RegistrySettings {
  const { Mirrors, InsecureRegistryCIDRs, IndexConfigs } = RegistryConfig;
  const hosts = Object.values(IndexConfigs ?? {}).flatMap(({ Name, Secure }) => (Secure ? [] : [Name]));
  return { mirrors: Mirrors ?? [], insecure: [...hosts, ...(InsecureRegistryCIDRs ?? [])] };
}

function explainConnection(error: unknown): unknown {
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  if (statusCode !== undefined || code?.startsWith('HPE_') === true)
    return explainFault(error, 'GET /version');
  if (code !== 'EACCES' && code !== 'EPERM') {
    return engineAbsent(whyOf(error), error, 'start Docker Engine 20.10 or newer, or set DOCKER_HOST');
  }
  return new UserError(
    'engine-refused',
    `cannot use the container engine ${engineAddress()}: permission denied`,
    {
      hint: 'add yourself to the group docker, or run as root',
      cause: error,
    },
  );
}

/** Orders API versions such as `1.41`; negative where `a` is the older. */
function compareVersions(a: string, b: string): number {
  const [major = 0, minor = 0] = a.split('.').map(Number);
  const [otherMajor = 0, otherMinor = 0] = b.split('.').map(Number);
  return major - otherMajor || minor - otherMinor;
}
