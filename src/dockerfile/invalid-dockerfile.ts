import { UserError } from '../shared/failure.ts';
import { placeAt, showPlace } from '../shared/source-text.ts';

/** The text of a Dockerfile and how messages call it. */
export type DockerfileSource = { readonly text: string; readonly file: string };

/**
 * A mistake in a Dockerfile, with the line and a caret under `offset` (UTF-16 units).
 * `why` completes "cannot read <file>: ".
 */
export function invalidDockerfile(
  source: DockerfileSource,
  offset: number,
  why: string,
  hint?: string,
): UserError {
  return new UserError('dockerfile-invalid', `cannot read ${source.file}: ${why}`, {
    detail: showPlace(source.file, source.text, placeAt(source.text, offset)),
    ...(hint === undefined ? {} : { hint }),
  });
}
