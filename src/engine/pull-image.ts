import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { readRegistryLogin } from '../docker-config/registry-login.ts';
import { type RegistryCode, UserError } from '../shared/failure.ts';
import type { ImagePull } from './engine.ts';
import { EngineRefusal, engineWords, explainFault } from './engine-fault.ts';
import { lineReader } from './line-reader.ts';

/** What the engine says while it pulls. */
type PullMessage = { readonly status?: string; readonly id?: string; readonly error?: string };

/** What a refusal means, by what engines and registries say of it; anything else is a failure that may pass. */
const MEANINGS: readonly (readonly [RegExp, RegistryCode])[] = [
  [/unauthorized|denied|authentication required|no basic auth/i, 'registry-denied'],
  [/toomanyrequests|rate limit/i, 'rate-limited'],
  [/not found|manifest unknown|no matching manifest/i, 'image-not-found'],
  [/connection refused|no such host|timeout|unreachable/i, 'registry-unreachable'],
];

/**
 * Has the engine pull an image for linux/amd64, with the login that the docker client has for its registry.
 * @throws UserError with a `RegistryCode`.
 */
export async function pullImage(
  docker: Docker,
  { reference, host, signal, onLog = () => undefined }: ImagePull,
): Promise<void> {
  const login = await readRegistryLogin(host, { signal });
  const authconfig =
    login === null
      ? {}
      : login.username === ''
        ? { identitytoken: login.secret, serveraddress: host }
        : { username: login.username, password: login.secret, serveraddress: host };
  const options = { platform: 'linux/amd64', authconfig, abortSignal: signal };
  try {
    const answer = (await docker.pull(reference, options)) as Readable;
    await follow(answer, onLog);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof UserError && !(error instanceof EngineRefusal)) throw error;
    if (error instanceof SyntaxError) throw explainFault(error, 'POST /images/create');
    const why = engineWords(error);
    const code = MEANINGS.find(([pattern]) => pattern.test(why))?.[1] ?? 'registry-failed';
    const hint = code === 'registry-denied' ? { hint: `docker login ${host}, or correct the name` } : {};
    throw new UserError(code, `cannot pull ${reference}: ${why}`, { ...hint, cause: error });
  }
}

async function follow(answer: Readable, onLog: (line: string) => void): Promise<void> {
  let failure: string | undefined;
  const lines = lineReader((line) => {
    if (line.trim() === '') return;
    const { status, id, error } = JSON.parse(line) as PullMessage;
    if (error !== undefined) failure = error;
    else if (status !== undefined && !/^(Downloading|Extracting|Waiting)$/.test(status)) {
      onLog(id === undefined ? status : `${id}: ${status}`);
    }
  });
  for await (const chunk of answer) lines.write(chunk as Buffer);
  lines.end();
  if (failure !== undefined) throw new Error(failure);
}
