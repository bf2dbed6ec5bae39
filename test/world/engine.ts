import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type {
  BuildRequest,
  Container,
  ContainerSpec,
  Engine,
  ImageConfig,
  ImageId,
} from '../../src/engine/engine.ts';
import { envOfImage } from '../../src/entry/launch.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { buildInWorld, type Quarry, type WorldConfig } from './build.ts';
import { lacking, WorldContainer } from './container.ts';
import { WorldNetwork, WorldNetworks } from './network.ts';
import type { Program } from './program.ts';
import { WorldTree } from './tree.ts';

/** What a world is made of. */
export type WorldSpec = Quarry & {
  readonly programs: Readonly<Record<string, Program>>;
  /** As engines call it; another one than `amd64` emulates, and cannot trace. */
  readonly architecture: string;
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

type Image = { readonly tree: WorldTree; readonly config: ImageConfig };

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
  /** A RUN line runs again for another text of the Dockerfile, as if the context with it was copied before. */
  readonly #texts = new Set<string>();

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
      pullImage: lacking('pullImage'),
      registrySettings: lacking('registrySettings'),
      createContainer: (spec) => this.#create(spec),
      clean: lacking('clean'),
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
    const text = Buffer.from(context.read(imagePath(request.dockerfile))).toString();
    this.#texts.add(text);
    const build = [...this.#texts].indexOf(text) + 1;
    const built = buildInWorld(this.#spec, request, { context, build });
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
      env: { ...envOfImage(image.config), ...spec.env },
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
