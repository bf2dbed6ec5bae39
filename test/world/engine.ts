import { createHash } from 'node:crypto';
import { PassThrough, type Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import type {
  BuildRequest,
  Container,
  ContainerSpec,
  Engine,
  ImageConfig,
  ImageId,
} from '../../src/engine/engine.ts';
import { EngineRefusal } from '../../src/engine/engine-fault.ts';
import { packItems } from '../../src/image/pack-tar.ts';
import { resolvePath } from '../../src/shared/file-tree.ts';
import { baseName, imagePath } from '../../src/shared/image-path.ts';
import { straceOptions } from '../../src/strace/trace-options.ts';
import { BUNDLE_DIRECTORY } from '../../src/workload/strace-bundle.ts';
import { tarOf } from '../support/rootfs.ts';
import { buildInWorld, type Quarry, type WorldConfig } from './build.ts';
import { isListing, listingOf } from './listing.ts';
import { WorldNetwork, WorldNetworks } from './network.ts';
import { type Refusal, WorldProcess } from './process.ts';
import type { Program } from './program.ts';
import { WorldTree } from './tree.ts';

/** What a world is made of. */
export type WorldSpec = Quarry & {
  readonly programs: Readonly<Record<string, Program>>;
  /** As engines call it; another one than `amd64` emulates, and cannot trace. */
  readonly architecture: string;
  /** How programs behaved elsewhere: in place of `programs`, where it is given. */
  readonly replay?: (argv: readonly string[], tree: WorldTree) => Replayed;
  /** Called before the engine does something; what it throws is what the engine says. */
  readonly fault: (deed: Deed) => void | Promise<void>;
};

/** What an engine is about to do. */
export type Deed =
  | { readonly kind: 'build'; readonly count: number }
  | {
      readonly kind: 'create' | 'start' | 'export' | 'archive' | 'wait';
      readonly argv: readonly string[];
      readonly count: number;
    }
  | { readonly kind: 'remove'; readonly count: number };

/** What a program did: what it printed, how it ended, and the log of its tracer. */
export type Replayed = {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  readonly trace: string;
};

type Image = { readonly tree: WorldTree; readonly config: ImageConfig };

const LOG = `${BUNDLE_DIRECTORY}/log`;

/** An engine over trees in memory. What it does not know it throws, so that no story passes for lack of knowledge. */
export class World {
  readonly networks = new WorldNetworks();
  readonly #spec: WorldSpec;
  readonly #images = new Map<string, Image>();
  readonly #containers = new Set<object>();
  readonly #counts = new Map<string, number>();
  #counted = 0;
  /** How many builds it has begun. */
  #builds = 0;

  constructor(spec: WorldSpec) {
    this.#spec = spec;
  }

  /** What is left of runs: nothing, when all of them are over. */
  leftovers(): { readonly containers: number; readonly images: readonly string[] } {
    const images = [...this.#images.keys()].filter((id) => id.startsWith('sha256:'));
    return { containers: this.#containers.size, images };
  }

  engine(): Engine {
    const engine: Engine = {
      during: () => ({ ...engine }),
      version: '20.10.24',
      architecture: this.#spec.architecture,
      resources: async () => ({ memoryBytes: 8 * 1024 ** 3, processors: 2 }),
      build: (request) => this.#build(request),
      importImage: (tar, reference) => this.#import(tar, reference),
      inspectImage: async (reference) => this.#find(reference)?.config,
      resolveImage: async (reference) => this.#resolve(reference),
      removeImage: (id) => this.#remove(id),
      pullImage: unknown('pullImage'),
      registrySettings: unknown('registrySettings'),
      createContainer: (spec) => this.#create(spec),
      clean: unknown('clean'),
    };
    return engine;
  }

  #find(reference: string): Image | undefined {
    const built = this.#images.get(reference);
    if (built !== undefined) return built;
    const named = this.#spec.images[reference];
    if (named === undefined || named.isHidden) return undefined;
    const image = imageOf(reference, new WorldTree(named.tree), named.config ?? {});
    this.#images.set(reference, image);
    return image;
  }

  #resolve(reference: string): string | undefined {
    return this.#spec.images[reference] === undefined ? undefined : digestOf(reference);
  }

  async #meet(kind: Deed['kind'], argv: readonly string[] = []): Promise<void> {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    await this.#spec.fault({ kind, argv, count });
  }

  async #build(request: BuildRequest): Promise<ImageId> {
    request.signal?.throwIfAborted();
    if (request.secrets !== undefined && request.secrets.size > 0)
      throw new Error('the world has no secrets');
    const { platform = 'linux/amd64' } = request;
    if (platform !== 'linux/amd64') throw new Error(`the world does not build for ${platform}`);
    await this.#meet('build');
    this.#builds += 1;
    const context = new WorldTree();
    await context.unpack(request.context());
    const built = buildInWorld(this.#spec, request, { context, build: this.#builds });
    const id = digestOf(`build ${this.#builds}`) as ImageId;
    this.#images.set(id, imageOf(id, built.tree, built.config));
    return id;
  }

  async #import(tar: Readable, reference: string): Promise<ImageId> {
    const tree = new WorldTree();
    await tree.unpack(tar);
    const image = imageOf(reference, tree, {});
    this.#images.set(reference, image);
    return image.config.id;
  }

  async #remove(id: ImageId): Promise<void> {
    await this.#meet('remove');
    if (!this.#images.delete(id)) throw new Error(`the world has no image ${id} to remove`);
  }

  async #create(spec: ContainerSpec): Promise<Container> {
    await this.#meet('create', spec.argv);
    const image =
      this.#find(spec.image) ?? [...this.#images.values()].find(({ config }) => config.id === spec.image);
    if (image === undefined) throw new Error(`the world has no image ${spec.image}`);
    const container = new WorldContainer(spec, {
      tree: image.tree.copy(),
      programs: this.#spec.programs,
      replay: this.#spec.replay ?? null,
      network: spec.network === 'none' ? new WorldNetwork() : this.networks.at(spec.network),
      meet: (kind) => this.#meet(kind, spec.argv),
      count: () => {
        this.#counted += 1;
        return this.#counted;
      },
    });
    this.#containers.add(container);
    return container.face(async () => {
      this.#containers.delete(container);
    });
  }
}

type Placed = {
  readonly tree: WorldTree;
  readonly replay: WorldSpec['replay'] | null;
  readonly programs: Readonly<Record<string, Program>>;
  readonly network: WorldNetwork;
  readonly meet: (kind: 'start' | 'export' | 'archive' | 'wait') => Promise<void>;
  readonly count: () => number;
};

type End = { readonly exitCode: number; readonly outOfMemory: boolean };

class WorldContainer {
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
      pipe: unknown('pipe'),
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

  #start(): void {
    if (isListing(this.#spec.argv)) return;
    const { tree, network, programs, count, replay } = this.#placed;
    const traced = this.#spec.argv[0]?.startsWith(`${BUNDLE_DIRECTORY}/`) === true;
    const argv = traced ? commandBehind(this.#spec.argv) : this.#spec.argv;
    if (replay) return this.#replay(replay(argv, tree), { argv, traced });
    const lines: string[] = [];
    const process = new WorldProcess({
      tree,
      network,
      programs,
      count,
      env: this.#spec.env,
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

  #replay(
    { stdout, stderr, exitCode, trace }: Replayed,
    { argv: [path = ''], traced }: { readonly argv: readonly string[]; readonly traced: boolean },
  ): void {
    const { tree } = this.#placed;
    if (resolvePath(tree, path).entry === undefined && !traced) throw notStarted(path, 'ENOENT');
    this.#isStarted = true;
    setImmediate(() => {
      if (stdout !== '') this.#print('stdout', stdout);
      if (stderr !== '') this.#print('stderr', stderr);
      if (traced) tree.put(imagePath(LOG), { content: Buffer.from(trace, 'latin1') });
      this.#end = { exitCode, outOfMemory: false };
      this.#ended.resolve(this.#end);
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

function unknown(what: string): () => Promise<never> {
  return async () => {
    throw new Error(`the world's engine has no ${what}`);
  };
}

function imageOf(reference: string, tree: WorldTree, config: WorldConfig): Image {
  const {
    env = {},
    entrypoint = [],
    cmd = [],
    workingDir = '',
    user = '',
    ports = [],
    volumes = [],
  } = config;
  return {
    tree,
    config: {
      id: (reference.startsWith('sha256:') ? reference : digestOf(reference)) as ImageId,
      env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
      entrypoint,
      cmd,
      workingDir,
      user,
      architecture: 'amd64',
      ports,
      layers: [digestOf(`layer of ${reference}`)],
      bytes: 0,
      volumes,
      digests: [],
    },
  };
}

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
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
