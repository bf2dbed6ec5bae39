import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { docker } from './docker.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** Debian's docker-registry on this machine's loopback; disposing of it ends it and removes what it holds. */
export type ImageRegistry = AsyncDisposable & {
  /** `127.0.0.1:PORT`, by which engines take it without a certificate. */
  readonly host: string;
  /**
   * Makes an image of files and pushes it. It has the programs of Debian that are named, with the libraries that they
   * need; what the engine keeps of it is removed.
   */
  push(name: string, image: SmallImage): Promise<void>;
};

export type SmallImage = {
  /** Paths of Debian's image. */
  readonly programs?: readonly string[];
  /** Texts by their paths in the image. */
  readonly files: Readonly<Record<string, string>>;
};

/** The loader, and the one library of most programs. */
const LOADER = ['/lib64/ld-linux-x86-64.so.2', '/lib/x86_64-linux-gnu/libc.so.6'];

export async function imageRegistry(): Promise<ImageRegistry> {
  const directory = await temporaryDirectory();
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  const config = join(directory.path, 'config.yml');
  const storage = join(directory.path, 'storage');
  await writeFile(
    config,
    `version: 0.1\nlog: { level: error }\nstorage: { filesystem: { rootdirectory: ${storage} }, delete: { enabled: true } }\nhttp: { addr: '${host}' }\n`,
  );
  const child = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  await answering(`http://${host}/v2/`);
  return {
    host,
    async push(name, { programs = ['/usr/bin/cat'], files }) {
      const context = join(directory.path, 'context');
      await mkdir(join(context, 'root'), { recursive: true });
      const lines = ['FROM debian:bookworm AS debian', 'FROM scratch'];
      for (const path of [...LOADER, ...programs]) lines.push(`COPY --from=debian ${path} ${path}`);
      for (const [at, [path, text]] of Object.entries(files).entries()) {
        await writeFile(join(context, 'root', String(at)), text);
        lines.push(`COPY root/${at} ${path}`);
      }
      await writeFile(join(context, 'Dockerfile'), lines.join('\n'));
      const tag = `${host}/${name}`;
      await docker(['build', '--quiet', '--tag', tag, context], { DOCKER_BUILDKIT: '1' });
      await docker(['push', '--quiet', tag]);
      await docker(['image', 'rm', '--force', tag]);
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
      await forgetImages(host);
      await directory[Symbol.asyncDispose]();
    },
  };
}

/** What was pulled from there stays in the engine else. */
async function forgetImages(host: string): Promise<void> {
  const listed = await docker(['image', 'ls', '--quiet', '--filter', `reference=${host}/*`]);
  for (const id of new Set(listed.split('\n').filter((line) => line !== ''))) {
    await docker(['image', 'rm', '--force', id]);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function answering(url: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no registry answers at ${url}`);
}
