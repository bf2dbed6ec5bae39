import type { Readable } from 'node:stream';
import type Docker from 'dockerode';

import { decodeBuildKitStatus } from './buildkit-status.ts';
import { BuildError, type BuildRequest, type ImageId } from './engine.ts';

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

/** Builds with BuildKit, through the engine's API alone. */
export async function buildImage(
  docker: Docker,
  request: BuildRequest,
  labels: Readonly<Record<string, string>>,
): Promise<ImageId> {
  const { signal } = request;
  signal?.throwIfAborted();
  const context = request.context();
  const answer = (await docker.buildImage(context as NodeJS.ReadableStream, {
    version: '2',
    dockerfile: request.dockerfile,
    buildargs: request.buildArgs,
    labels: { ...labels },
    networkmode: request.network,
    rm: true,
    forcerm: true,
    ...(request.target === undefined ? {} : { target: request.target }),
    ...(request.platform === undefined ? {} : { platform: request.platform }),
    ...(signal === undefined ? {} : { abortSignal: signal }),
  })) as Readable;
  const progress: BuildProgress = { image: undefined, error: undefined, steps: new Map(), failed: undefined };
  try {
    for await (const message of messages(answer)) take(message, progress, request.onLog);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    context.destroy();
    // dockerode closes its BuildKit session when the answer ends, but not when it is cut short
    if (!answer.readableEnded) answer.emit('end');
  }
  signal?.throwIfAborted();
  if (progress.image === undefined || progress.error !== undefined) throw failure(progress);
  return progress.image;
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

function take(message: BuildMessage, progress: BuildProgress, onLog?: (line: string) => void): void {
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
    const lines = Buffer.from(log.msg)
      .toString('utf8')
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
