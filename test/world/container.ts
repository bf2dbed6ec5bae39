import { PassThrough, type Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import type { Container, ContainerSpec } from '../../src/engine/engine.ts';
import { EngineRefusal } from '../../src/engine/engine-fault.ts';
import { packItems } from '../../src/image/pack-tar.ts';
import { resolvePath } from '../../src/shared/file-tree.ts';
import { baseName, imagePath } from '../../src/shared/image-path.ts';
import { straceOptions } from '../../src/strace/trace-options.ts';
import { BUNDLE_DIRECTORY } from '../../src/workload/strace-bundle.ts';
import { tarOf } from '../support/rootfs.ts';
import { isListing, listingOf } from './listing.ts';
import type { WorldNetwork } from './network.ts';
import { type Refusal, WorldProcess } from './process.ts';
import type { Program } from './program.ts';
import type { WorldTree } from './tree.ts';

const LOG = `${BUNDLE_DIRECTORY}/log`;

/** What a container is put into. */
export type Placed = {
  readonly tree: WorldTree;
  readonly programs: Readonly<Record<string, Program>>;
  /** The image's variables, and over them those of the container. */
  readonly env: Readonly<Record<string, string>>;
  readonly network: WorldNetwork;
  readonly meet: (kind: 'start' | 'export' | 'archive' | 'wait') => Promise<void>;
  readonly count: () => number;
};

type End = { readonly exitCode: number; readonly outOfMemory: boolean };

/** One container of a world, whose program follows its steps. */
export class WorldContainer {
  readonly #spec: ContainerSpec;
  readonly #placed: Placed;
  readonly #killed = new AbortController();
  readonly #ended = resolvers<End>();
  #end: End | null = null;
  #print: (stream: 'stdout' | 'stderr', text: string) => void = () => undefined;

  constructor(spec: ContainerSpec, placed: Placed) {
    this.#spec = spec;
    this.#placed = placed;
    this.#ended.promise.catch(() => undefined);
  }

  face(gone: () => Promise<void>): Container {
    const { tree, meet } = this.#placed;
    return {
      id: `world ${this.#spec.argv.join(' ')}`,
      putArchive: async (tar, directory) => {
        if (directory !== '/') throw new Error(`the world unpacks at / alone, not at ${directory}`);
        await tree.unpack(tar);
      },
      getArchive: async (path) => {
        await meet('archive');
        return this.#archive(path);
      },
      export: async () => {
        await meet('export');
        return tarOf(tree.table());
      },
      volumes: async () => [],
      attach: async (onOutput, input) => {
        if (input !== undefined) throw new Error('the world has no standard input');
        this.#print = (stream, text) => onOutput({ stream, data: Buffer.from(text) });
        return { ended: this.#ended.promise.then(() => undefined) };
      },
      converse: async () => {
        if (!isListing(this.#spec.argv)) throw new Error("the world's engine has no converse");
        const listing = new PassThrough();
        listing.end(listingOf(tree, this.#spec.argv));
        return listing;
      },
      start: async () => {
        await meet('start');
        this.#start();
      },
      wait: async () => {
        await meet('wait');
        return await this.#ended.promise;
      },
      state: async () => ({ exitCode: 0, outOfMemory: false, ...this.#end, running: this.#end === null }),
      writtenBytes: async () => 0,
      kill: async () => await this.#kill(),
      pipe: lacking('pipe'),
      [Symbol.asyncDispose]: async () => {
        await this.#kill();
        await gone();
      },
    };
  }

  async #kill(): Promise<void> {
    this.#killed.abort();
    if (this.#isStarted) await this.#ended.promise;
  }

  #isStarted = false;

  #archive(path: string): Readable {
    const { tree } = this.#placed;
    const { path: real, entry } = resolvePath(tree, path);
    if (entry?.type !== 'file') {
      throw new EngineRefusal('read a path', refusal(404, `no such file: ${path}`));
    }
    const content = tree.read(real);
    return packItems([{ name: baseName(imagePath(path)), mode: entry.mode, size: content.length, content }]);
  }

  /** Where PATH leads to a program; its bare name where it leads nowhere. */
  #inPath(name: string): string {
    const { tree, env } = this.#placed;
    const places = (env.PATH ?? '').split(':').map((directory) => `${directory}/${name}`);
    return places.find((place) => resolvePath(tree, place).entry?.type === 'file') ?? name;
  }

  #start(): void {
    if (isListing(this.#spec.argv)) return;
    const { tree, network, programs, env, count } = this.#placed;
    const traced = this.#spec.argv[0]?.startsWith(`${BUNDLE_DIRECTORY}/`) === true;
    const [program = '', ...rest] = traced ? commandBehind(this.#spec.argv) : this.#spec.argv;
    const argv = [program.includes('/') ? program : this.#inPath(program), ...rest];
    const lines: string[] = [];
    const process = new WorldProcess({
      tree,
      network,
      programs,
      count,
      env,
      print: (stream, text) => this.#print(stream, text),
      trace: (line) => lines.push(line),
      killed: this.#killed.signal,
    });
    const why = process.refusalOf(argv[0] ?? '');
    if (why !== null && !traced) throw notStarted(argv[0] ?? '', why);
    this.#isStarted = true;
    void this.#live(process, argv).finally(() => {
      if (traced) tree.put(imagePath(LOG), `${lines.join('\n')}\n`);
    });
  }

  async #live(process: WorldProcess, argv: readonly string[]): Promise<void> {
    await turn();
    try {
      const exitCode = await process.run(argv);
      this.#end = { exitCode, outOfMemory: false };
      this.#ended.resolve(this.#end);
    } catch (error) {
      this.#end = { exitCode: 255, outOfMemory: false };
      this.#ended.reject(error);
    }
  }
}

/** The command that strace starts, whose options have to be those that the parser is made for. */
function commandBehind(argv: readonly string[]): readonly string[] {
  const at = argv.indexOf('--', argv.indexOf(`${BUNDLE_DIRECTORY}/strace`));
  const options = argv.slice(argv.indexOf(`${BUNDLE_DIRECTORY}/strace`) + 1, at);
  if (options.join(' ') !== straceOptions(LOG).join(' '))
    throw new Error(`not the tracer: ${argv.join(' ')}`);
  return argv.slice(at + 1);
}

function notStarted(path: string, why: Refusal): EngineRefusal {
  const words = {
    ENOENT: 'no such file or directory',
    EACCES: 'permission denied',
    ENOEXEC: 'exec format error',
  };
  return new EngineRefusal(
    'start a container',
    refusal(400, `exec: "${path}": stat ${path}: ${words[why]}: unknown`),
  );
}

function refusal(statusCode: number, message: string) {
  return Object.assign(new Error(message), { statusCode, json: { message } });
}

/** What a world lacks; it throws where it is asked. */
export function lacking(what: string): () => Promise<never> {
  return async () => {
    throw new Error(`the world's engine has no ${what}`);
  };
}

function resolvers<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (why: unknown) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
