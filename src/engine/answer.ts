import { messageOf } from '../shared/failure.ts';
import { nonsense } from './engine-fault.ts';

/**
 * Takes what is wanted from an answer of the engine.
 * @throws UserError `engine-refused` where the answer has another shape.
 */
export function understand<T>(request: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw nonsense(request, { why: messageOf(error), cause: error });
  }
}
