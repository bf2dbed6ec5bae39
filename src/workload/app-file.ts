import { dirname, resolve } from 'node:path/posix';
import type { Container } from '../engine/engine.ts';
import { firstOf } from '../image/unpack-tar.ts';
import { LIMITS } from '../shared/limits.ts';
import { AnswerTooLong } from './probe.ts';

/** As many symbolic links as Linux follows, path_resolution(7). */
const MAX_LINKS = 40;

/** The bytes of a regular file in a container that runs or has ended; undefined where there is none. */
export async function readAppFile(
  container: Container,
  path: string,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  let target = path;
  for (let links = 0; links <= MAX_LINKS; links += 1) {
    const archive = await container.getArchive(target, signal).catch((error: unknown) => {
      if ((error as { statusCode?: number }).statusCode === 404) return undefined;
      throw error;
    });
    if (archive === undefined) return undefined;
    const first = await firstOf(archive, LIMITS.answerBytes + 1);
    if (first?.type === 'file' && first.content.length > LIMITS.answerBytes) throw new AnswerTooLong();
    if (first?.type !== 'symlink') return first?.type === 'file' ? first.content : undefined;
    target = resolve(dirname(target), first.linkTarget);
  }
  return undefined;
}
