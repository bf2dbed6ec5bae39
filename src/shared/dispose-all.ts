import { UserError } from './failure.ts';

/** The longest that a disposal is waited for; what it waits for has other limits, which are shorter. */
const LIMIT_MS = 120_000;

/**
 * Disposes of all that was opened and leaves the list empty. A disposal that fails or hangs keeps none of the others.
 * @throws what the first of those threw, or UserError `timeout`
 */
export async function disposeAll(
  opened: AsyncDisposable[],
  { limitMs = LIMIT_MS }: { readonly limitMs?: number } = {},
): Promise<void> {
  const disposals = opened.splice(0).map((thing) => withinLimit(thing, limitMs));
  const ended = await Promise.allSettled(disposals);
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
}

async function withinLimit(thing: AsyncDisposable, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    const message = `cannot tidy up: it was not done within ${limitMs / 1000} seconds`;
    const hint = 'run kraft-slim clean to remove the rest';
    timer = setTimeout(() => reject(new UserError('timeout', message, { hint })), limitMs);
  });
  try {
    await Promise.race([thing[Symbol.asyncDispose](), expired]);
  } finally {
    clearTimeout(timer);
  }
}
