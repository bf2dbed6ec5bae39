import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { UserError } from '../shared/failure.ts';
import { type BuildMessage, buildProgress } from './build-progress.ts';
import { openBuildSession } from './build-session.ts';
import { dial } from './dial.ts';
import { BuildError, type BuildRequest, type ImageId } from './engine.ts';
import { engineWords, explainFault } from './engine-fault.ts';
import { ignoreGone } from './gone.ts';
import { maskSecrets } from './mask-secrets.ts';
import { sendStream } from './send-stream.ts';
import { sessionMethods } from './session-methods.ts';
import { stoppableBuild } from './stop-build.ts';

/** The label that finds an image whose build did not report it; its value is the build's `buildid`. */
const BUILD_LABEL = 'org.unikraft.kraft-slim.build';

/**
 * Builds with BuildKit, through the engine's API alone. One that fails or is stopped leaves no image.
 * @throws BuildError where the engine refuses the build or a step fails.
 * @throws the signal's reason where it is aborted, once the engine has stopped.
 */
export async function buildImage(
  docker: Docker,
  request: BuildRequest,
  labels: Readonly<Record<string, string>>,
): Promise<ImageId> {
  const { signal, secrets = new Map(), onLog = () => undefined } = request;
  await using session = await openBuildSession(docker, sessionMethods(secrets), signal);
  signal?.throwIfAborted();
  const progress = buildProgress({ onLog, mask: maskSecrets(secrets.values()) });
  const context = request.context();
  const id = randomUUID();
  using build = stoppableBuild(docker, id, signal);
  try {
    await sendStream(context, build.cut, async (abortSignal) => {
      const sending = { context, id, session: session.id, labels, abortSignal };
      const answer = await postBuild(docker, request, sending);
      for await (const message of messages(answer)) progress.take(message);
    });
    signal?.throwIfAborted();
    return progress.end();
  } catch (error) {
    // where the engine does not answer any more, the error at hand gives the cause
    await removeImageOf(docker, id).catch(() => undefined);
    signal?.throwIfAborted();
    throw error instanceof SyntaxError ? explainFault(error, 'POST /build') : error;
  }
}

/**
 * Removes the image of a build, whether or not the engine reported it: the build may have finished before a failure.
 */
async function removeImageOf(docker: Docker, build: string): Promise<void> {
  const made = await docker.listImages({ filters: { label: [`${BUILD_LABEL}=${build}`] } });
  for (const { Id } of made) await docker.getImage(Id).remove({ force: true }).catch(ignoreGone);
}

type Sending = {
  readonly context: Readable;
  readonly id: string;
  readonly session: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly abortSignal: AbortSignal;
};

/** `POST /build` by hand: dockerode's method opens another session, which knows no secrets. */
async function postBuild(
  docker: Docker,
  { dockerfile, buildArgs, network, target, platform }: BuildRequest,
  { context, id, session, labels, abortSignal }: Sending,
): Promise<Readable> {
  const options = {
    version: '2',
    session,
    buildid: id,
    dockerfile,
    buildargs: buildArgs,
    labels: { ...labels, [BUILD_LABEL]: id },
    networkmode: network,
    rm: true,
    forcerm: true,
    ...(target === undefined ? {} : { target }),
    ...(platform === undefined ? {} : { platform }),
  };
  try {
    return await dial<Readable>(docker, {
      method: 'POST',
      path: '/build?',
      options,
      file: context,
      isStream: true,
      statusCodes: { 200: true },
      abortSignal,
    });
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === undefined) throw error;
    if (error instanceof UserError && error.code === 'disk-full') throw error;
    throw new BuildError(engineWords(error), null, []);
  }
}

async function* messages(answer: Readable): AsyncGenerator<BuildMessage> {
  let rest = '';
  for await (const chunk of answer.setEncoding('utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield JSON.parse(line) as BuildMessage;
  }
  if (rest.trim() !== '') yield JSON.parse(rest) as BuildMessage;
}
