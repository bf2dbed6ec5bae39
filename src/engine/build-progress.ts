import { type BuildKitStatus, decodeBuildKitStatus } from './buildkit-status.ts';
import { BuildError, type ImageId } from './engine.ts';
import { type LineReader, lineReader } from './line-reader.ts';

/** How many lines of a failing step are worth showing. */
const LAST_LINES = 20;

/** One line of the engine's answer to a build; which keys are there depends on the builder. */
export type BuildMessage = {
  readonly id?: string;
  readonly aux?: string | { readonly ID?: string };
  readonly stream?: string;
  readonly error?: string;
};

export type BuildListener = {
  readonly onLog: (line: string) => void;
  /** What is done to a line before anyone sees it. */
  readonly mask: (line: string) => string;
};

export type BuildProgress = {
  take(message: BuildMessage): void;
  /** To be called when the answer has ended. @throws BuildError where there is no image. */
  end(): ImageId;
};

/**
 * A step, and the last lines that it printed. Its standard output and its standard error have separate lines: their
 * pieces come mixed, and a secret that a piece of the other cuts in two would not be masked.
 */
type Step = {
  readonly name: string;
  readonly lines: string[];
  readonly write: (stream: string, piece: Uint8Array) => void;
  readonly end: () => void;
};

/** Makes lines and an outcome of the messages of one build. */
export function buildProgress({ onLog, mask }: BuildListener): BuildProgress {
  const steps = new Map<string, Step>();
  let image: ImageId | undefined;
  let error: string | undefined;
  let failed: Step | undefined;

  const begin = (name: string): Step => {
    const lines: string[] = [];
    const take = (text: string) => {
      const line = mask(text);
      if (line.trim() === '') return;
      lines.push(line);
      if (lines.length > LAST_LINES) lines.shift();
      onLog(line);
    };
    const readers = new Map<string, LineReader>();
    if (!name.startsWith('[internal]')) onLog(name);
    return {
      name,
      lines,
      write(stream, piece) {
        const reader = readers.get(stream) ?? lineReader(take);
        readers.set(stream, reader);
        reader.write(piece);
      },
      end() {
        for (const reader of readers.values()) reader.end();
      },
    };
  };

  const takeStatus = ({ vertexes, logs }: BuildKitStatus): void => {
    for (const { digest, name, error: why } of vertexes) {
      const step = steps.get(digest) ?? begin(name);
      steps.set(digest, step);
      if (why !== '' && !/context canceled/i.test(why)) failed ??= step;
    }
    for (const { vertex, stream, msg } of logs) steps.get(vertex)?.write(stream, msg);
    for (const { digest, completed } of vertexes) if (completed !== null) steps.get(digest)?.end();
  };

  return {
    take(message) {
      if (message.error !== undefined) error = message.error;
      if (message.stream !== undefined) onLog(message.stream.trimEnd());
      if (typeof message.aux === 'object' && message.aux.ID !== undefined) image = message.aux.ID as ImageId;
      if (message.id === 'moby.buildkit.trace' && typeof message.aux === 'string')
        takeStatus(decodeBuildKitStatus(message.aux));
    },
    end() {
      for (const step of steps.values()) step.end();
      if (image !== undefined && error === undefined) return image;
      const why = error?.trim() ?? 'the engine ended the build without an image';
      throw new BuildError(why, failed?.name ?? null, failed?.lines ?? []);
    },
  };
}
