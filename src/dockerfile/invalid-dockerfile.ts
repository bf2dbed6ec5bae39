import { mistakesError, type SourceFile } from '../shared/diagnostic.ts';
import type { UserError } from '../shared/failure.ts';

/**
 * A mistake in a Dockerfile, with the line and a caret under `offset` (UTF-16 units).
 * `why` completes "cannot read <file>: ".
 */
export function invalidDockerfile(source: SourceFile, offset: number, why: string, hint?: string): UserError {
  const diagnostics = [{ message: why, range: { start: offset, end: offset } }];
  return mistakesError('dockerfile-invalid', [{ source, diagnostics }], hint === undefined ? {} : { hint });
}
