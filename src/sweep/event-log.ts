import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { diskFull } from '../shared/disk-full.ts';
import { messageOf, UserError } from '../shared/failure.ts';
import { streamToUserFile } from '../store/user-file.ts';
import type { SweepEvent, SweepListener } from './event.ts';

/**
 * Events as a file with one JSON object a line, each with the time at which it happened; disposing of it ends the
 * file.
 */
export type EventLog = AsyncDisposable & { readonly listener: SweepListener };

/** @throws UserError `usage` where the file cannot be written, at once or when the log is disposed of. */
export async function openEventLog(path: string): Promise<EventLog> {
  const stream = streamToUserFile(path);
  const refuse = (error: unknown) =>
    diskFull(error, path) ??
    new UserError('usage', `cannot write events to ${path}: ${messageOf(error)}`, { cause: error });
  await once(stream, 'open').catch((error: unknown) => {
    throw refuse(error);
  });
  const ended = finished(stream);
  // reported when the log is disposed of
  ended.catch(() => undefined);
  return {
    listener: (event: SweepEvent) => {
      if (stream.writable) stream.write(`${JSON.stringify({ at: new Date().toISOString(), ...event })}\n`);
    },
    async [Symbol.asyncDispose]() {
      if (stream.writable) stream.end();
      await ended.catch((error: unknown) => {
        throw refuse(error);
      });
    },
  };
}
