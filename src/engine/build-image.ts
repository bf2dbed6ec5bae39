import type { Readable } from 'node:stream';
import type Docker from 'dockerode';

import { messageOf } from '../shared/failure.ts';
import { openBuildSession } from './build-session.ts';
import { decodeBuildKitStatus } from './buildkit-status.ts';
import { dial } from './dial.ts';
import { BuildError, type BuildRequest, type ImageId } from './engine.ts';
import { maskSecrets } from './mask-secrets.ts';
import { sessionMethods } from './session-methods.ts';

/** How many lines of a failing step are worth showing. */
const LAST_LINES = 20;

/** One line of the engine's answer to a build; which keys are there depends on the builder. */
type BuildMessage = {
  readonly id?: string;
  readonly aux?: string | { readonly ID?: string };
  readonly stream?: string;
  readonly error?: string;
};

type BuildProgress = {
  image: ImageId | undefined;
  error: string | undefined;
  readonly steps: Map<string, { name: string; lines: string[] }>;
  failed: string | undefined;
};

type BuildListener = {
  readonly mask: (text: string) => string;
  readonly onLog: ((line: string) => void) | undefined;
};

/**
 * Builds with BuildKit, through the engine's API alone.
 * @throws BuildError where the engine refuses the build or a step fails.
 */
export async function buildImage(
  docker: Docker,
  request: BuildRequest,
  labels: Readonly<Record<string, string>>,
): Promise<ImageId> {
  const { signal, secrets = new Map(), onLog } = request;
  signal?.throwIfAborted();
  await using session = await openBuildSession(docker, sessionMethods(secrets), signal);
  const progress: BuildProgress = { image: undefined, error: undefined, steps: new Map(), failed: undefined };
  const listener = { mask: maskSecrets(secrets.values()), onLog };
  const context = request.context();
  try {
    const answer = await postBuild(docker, request, { context, session: session.id, labels });
    for await (const message of messages(answer)) take(message, progress, listener);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    context.destroy();
  }
  signal?.throwIfAborted();
  if (progress.image === undefined || progress.error !== undefined) throw failure(progress);
  return progress.image;
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

function take(message: BuildMessage, progress: BuildProgress, { mask, onLog }: BuildListener): void {
  if (message.error !== undefined) progress.error = message.error;
  if (message.stream !== undefined) onLog?.(message.stream.trimEnd());
  if (typeof message.aux === 'object' && message.aux.ID !== undefined)
    progress.image = message.aux.ID as ImageId;
  if (message.id !== 'moby.buildkit.trace' || typeof message.aux !== 'string') return;
  const status = decodeBuildKitStatus(message.aux);
  for (const vertex of status.vertexes) {
    const step = progress.steps.get(vertex.digest);
    if (step === undefined) {
      progress.steps.set(vertex.digest, { name: vertex.name, lines: [] });
      if (!vertex.name.startsWith('[internal]')) onLog?.(vertex.name);
    }
    if (vertex.error !== '' && !/context canceled/i.test(vertex.error)) progress.failed ??= vertex.digest;
  }
  for (const log of status.logs) {
    const lines = mask(Buffer.from(log.msg).toString('utf8'))
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '');
    progress.steps.get(log.vertex)?.lines.push(...lines);
    for (const line of lines) onLog?.(line);
  }
}

function failure({ error, failed, steps }: BuildProgress): BuildError {
  const step = failed === undefined ? undefined : steps.get(failed);
  return new BuildError(
    error?.trim() ?? 'the engine ended the build without an image',
    step?.name ?? null,
    step?.lines.slice(-LAST_LINES) ?? [],
  );
}
