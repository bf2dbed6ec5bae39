import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { messageOf } from '../shared/failure.ts';
import { type BuildMessage, buildProgress } from './build-progress.ts';
import { openBuildSession } from './build-session.ts';
import { dial } from './dial.ts';
import { BuildError, type BuildRequest, type ImageId } from './engine.ts';
import { maskSecrets } from './mask-secrets.ts';
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
    const answer = await postBuild(docker, request, { context, session: session.id, labels });
    for await (const message of messages(answer)) progress.take(message);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    context.destroy();
  }
  signal?.throwIfAborted();
  return progress.end();
}

/** `POST /build` by hand: dockerode's own opens a session of its own, which knows no secrets. */
async function postBuild(
  docker: Docker,
  { dockerfile, buildArgs, network, target, platform, signal }: BuildRequest,
  {
    context,
    session,
    labels,
  }: { context: Readable; session: string; labels: Readonly<Record<string, string>> },
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
      ...(signal === undefined ? {} : { abortSignal: signal }),
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
