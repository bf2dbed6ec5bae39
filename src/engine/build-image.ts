import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { messageOf } from '../shared/failure.ts';
import { type BuildMessage, buildProgress } from './build-progress.ts';
import { openBuildSession } from './build-session.ts';
import { dial } from './dial.ts';
import { BuildError, type BuildRequest, type ImageId } from './engine.ts';
import { ignoreGone } from './gone.ts';
import { maskSecrets } from './mask-secrets.ts';
import { sendStream } from './send-stream.ts';
import { sessionMethods } from './session-methods.ts';

/**
 * Builds with BuildKit, through the engine's API alone.
 * @throws BuildError where the engine refuses the build or a step fails.
 */
export async function buildImage(
  docker: Docker,
  request: BuildRequest,
  labels: Readonly<Record<string, string>>,
): Promise<ImageId> {
  const { signal, secrets = new Map(), onLog = () => undefined } = request;
  signal?.throwIfAborted();
  await using session = await openBuildSession(docker, sessionMethods(secrets), signal);
  const progress = buildProgress({ onLog, mask: maskSecrets(secrets.values()) });
  const context = request.context();
  try {
    await sendStream(context, signal, async (abortSignal) => {
      const answer = await postBuild(docker, request, { context, session: session.id, labels, abortSignal });
      for await (const message of messages(answer)) progress.take(message);
    });
    signal?.throwIfAborted();
    return progress.end();
  } catch (error) {
    // nobody else will ever hear of an image that was finished before the failure
    const made = progress.image();
    if (made !== undefined) await docker.getImage(made).remove({ force: true }).catch(ignoreGone);
    throw error;
  }
}

type Sending = {
  readonly context: Readable;
  readonly session: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly abortSignal: AbortSignal;
};

/** `POST /build` by hand: dockerode's own opens a session of its own, which knows no secrets. */
async function postBuild(
  docker: Docker,
  { dockerfile, buildArgs, network, target, platform }: BuildRequest,
  { context, session, labels, abortSignal }: Sending,
): Promise<Readable> {
  const options = {
    version: '2',
    session,
    dockerfile,
    buildargs: buildArgs,
    labels,
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
    throw new BuildError(messageOf(error).trim(), null, []);
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
