import { parseByteSize } from '../shared/byte-size.ts';
import { UserError } from '../shared/failure.ts';
import type { OpenedUnit } from './opened-unit.ts';
import type { Result } from './result.ts';

/**
 * The gate `maxBytes` of the settings.
 * @throws UserError `too-big`.
 */
export function insistOnSize(
  { task, reporter: { learn } }: Pick<OpenedUnit, 'task' | 'reporter'>,
  after: Result['after'] | undefined,
): void {
  const { maxBytes } = task.config;
  const limit = typeof maxBytes === 'string' ? parseByteSize(maxBytes) : maxBytes;
  if (limit === undefined || after == null || after.bytes <= limit) return;
  learn({ after });
  throw new UserError(
    'too-big',
    `the result has ${after.bytes} bytes, and maxBytes in kraft-slim.yaml allows ${limit}`,
    { hint: 'look at the files that the Dockerfile copies, or raise maxBytes in kraft-slim.yaml' },
  );
}
