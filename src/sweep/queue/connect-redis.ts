import { Redis } from 'ioredis';
import { messageOf, UserError } from '../../shared/failure.ts';

/** How long a server may take to accept the first connection. */
const CONNECT_MS = 10_000;

/** Connections to one server; disposing of them closes all. */
export type RedisLink = Disposable & {
  readonly client: Redis;
  /** One more, for who listens and can do nothing else on it. BullMQ leaves to us to close what it is given. */
  readonly another: () => Redis;
};

/**
 * Connects to the Redis server that a URL names: `redis://`, or `rediss://` for TLS, with user and password in it.
 * Once it was reached, a server that goes away is waited for.
 * @throws UserError `usage` where it is no such URL, or no server lets us in.
 */
export async function connectRedis(url: string): Promise<RedisLink> {
  const place = placeOf(url);
  // BullMQ wants commands to wait for a server that has gone away
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    maxRetriesPerRequest: null,
    retryStrategy: () => null,
  });
  let last: unknown;
  redis.on('error', (error) => {
    last = error;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    redis.disconnect();
    throw new UserError('usage', `cannot reach the queue at ${place}: ${messageOf(last ?? error)}`, {
      hint: 'start a Redis server of version 6.2 or newer, or correct --queue',
      cause: error,
    });
  }
  redis.options.retryStrategy = (times) => Math.min(times * 200, 2000);
  const clients = [redis];
  return {
    client: redis,
    another() {
      const client = redis.duplicate();
      // the first error reports the outage
      client.on('error', () => undefined);
      clients.push(client);
      return client;
    },
    [Symbol.dispose]() {
      for (const client of clients) client.disconnect();
    },
  };
}

/** The URL without the password, to be shown. */
function placeOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['redis:', 'rediss:'].includes(url.protocol)) {
    throw new UserError('usage', 'cannot read the URL of the queue', {
      hint: 'give redis://HOST:PORT, or rediss:// for TLS, with :PASSWORD@ before the host if the server requires a password',
    });
  }
  return `${url.protocol}//${url.host}`;
}
