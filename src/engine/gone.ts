/** Statuses with which an engine answers a removal that is under way or done, or a stop of what has stopped. */
const GONE = new Set([304, 404, 409]);

/** For removals and stops: that a thing is gone already is what was wanted. */
export function ignoreGone(error: unknown): void {
  if (!GONE.has((error as { statusCode?: number } | null)?.statusCode ?? 0)) throw error;
}
