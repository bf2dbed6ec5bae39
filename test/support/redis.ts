import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { temporaryDirectory } from './temporary-directory.ts';

/** A Redis server of one test, which keeps nothing on disk; disposing of it kills it. */
export interface RedisServer extends AsyncDisposable {
  readonly url: string;
  /** Kills it as SIGKILL does: what it held is gone. */
  kill(): Promise<void>;
  /** Starts it again at the same place, empty. */
  restart(): Promise<void>;
}

export type RedisOptions = {
  readonly password?: string;
  /** Files of a certificate and its key: then it speaks TLS alone. */
  readonly tls?: { readonly cert: string; readonly key: string };
};

/** Starts Debian's redis-server on a free port of the loopback. */
export async function startRedis({ password, tls }: RedisOptions = {}): Promise<RedisServer> {
  const directory = await temporaryDirectory();
  const port = await freePort();
  const secret = password === undefined ? [] : ['--requirepass', password];
  const ports =
    tls === undefined
      ? ['--port', String(port)]
      : [
          '--port',
          '0',
          '--tls-port',
          String(port),
          '--tls-cert-file',
          tls.cert,
          '--tls-key-file',
          tls.key,
          '--tls-auth-clients',
          'no',
        ];
  const where = ['--bind', '127.0.0.1', '--dir', directory.path];
  const words = [...ports, ...where, '--save', '', '--appendonly', 'no', ...secret];
  let child = await start(words);
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
  };
  return {
    url: `${tls === undefined ? 'redis' : 'rediss'}://${password === undefined ? '' : `:${password}@`}127.0.0.1:${port}`,
    kill,
    async restart() {
      await kill();
      child = await start(words);
    },
    async [Symbol.asyncDispose]() {
      await kill();
      await directory[Symbol.asyncDispose]();
    },
  };
}

async function start(words: readonly string[]): Promise<ChildProcess> {
  const child = spawn('redis-server', words, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => reject(new Error(`redis-server ended before it was ready:\n${said}`)));
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('Ready to accept connections')) resolve();
    });
  });
  return child;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
