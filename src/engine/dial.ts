import type Docker from 'dockerode';

/** What docker-modem takes; a path with a question mark at its end has `options` put behind it. */
export type DialOptions = Parameters<Docker['modem']['dial']>[0];

/**
 * Asks the engine's API for what dockerode has no method for. The answer is a socket with `hijack`, else a stream
 * with `isStream`.
 * @throws Error with `statusCode` where the engine answers with another status than those that are true.
 */
export function dial<Answer>(docker: Docker, options: DialOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    docker.modem.dial(options, (error, answer) => {
      if (error === null) resolve(answer as Answer);
      else reject(error);
    });
  });
}
