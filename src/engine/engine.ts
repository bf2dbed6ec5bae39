import type { Duplex, Readable } from 'node:stream';
import type { RegistrySettings } from '../docker-config/registry-settings.ts';
import type { UserError } from '../shared/failure.ts';

declare const brand: unique symbol;

/** The digest by which the engine knows an image: `sha256:` and 64 hexadecimal digits. */
export type ImageId = string & { readonly [brand]: 'ImageId' };

/** What an image says of how to run it; a name that the image does not set is null or empty. */
export type ImageConfig = {
  readonly id: ImageId;
  readonly env: readonly string[];
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly workingDir: string;
  /** USER: a name or a number, with `:GROUP` where one is given. */
  readonly user: string;
  readonly architecture: string;
  /** TCP ports that it says to listen on, ascending. */
  readonly ports: readonly number[];
  /** Its layers by the digests of their contents, the lowest first. */
  readonly layers: readonly string[];
  /** What all its files take, in bytes. */
  readonly bytes: number;
  /** Directories that a container of it has a volume over. */
  readonly volumes: readonly string[];
  /** What registries call it: `redis@sha256:...`; none for one that was never pulled or pushed. */
  readonly digests: readonly string[];
};

export type ImagePull = {
  /** With its tag or digest. */
  readonly reference: string;
  /** The host of its registry, `docker.io` for Docker Hub: for whose login it is. */
  readonly host: string;
  readonly signal: AbortSignal;
  /** Called with each step. */
  readonly onLog?: (line: string) => void;
};

export type BuildRequest = {
  /** The build context as a tar stream; a new stream for every try. */
  readonly context: () => Readable;
  /** Path of the Dockerfile inside the context. */
  readonly dockerfile: string;
  readonly target?: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly platform?: string;
  readonly network: 'default' | 'host';
  /** What `RUN --mount=type=secret,id=ID` gets, by the id. In what the build prints they are masked. */
  readonly secrets?: ReadonlyMap<string, Buffer>;
  readonly signal?: AbortSignal;
  /** Called with each line that the build prints. */
  readonly onLog?: (line: string) => void;
};

/** A build that the engine could not finish; the reason is in what the failing step printed. */
export class BuildError extends Error {
  override readonly name = 'BuildError';
  /** The step that failed as the engine names it, `[2/3] RUN make`; null where none was begun. */
  readonly step: string | null;
  /** The last lines that the failing step printed. */
  readonly lastLines: readonly string[];

  constructor(message: string, step: string | null, lastLines: readonly string[]) {
    super(message);
    this.step = step;
    this.lastLines = lastLines;
  }
}

export type ContainerSpec = {
  readonly image: ImageId;
  /** What is executed, as it is: no shell is between. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** `none`: loopback alone. `container:ID`: the network of another container. */
  readonly network: 'none' | 'bridge' | `container:${string}`;
  /** Kernel parameters of a separate network. */
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly tracing?: boolean;
  /** The id of a container whose volumes this container sees as well, read-only. */
  readonly volumesFrom?: string;
  /** Whether the program has a standard input, by `attach` or `converse`; else it is empty. */
  readonly takesInput?: boolean;
  readonly limits: {
    readonly memoryBytes: number;
    readonly pids: number;
    /** What the program may write. It bounds the size of each file; `writtenBytes` says what it wrote altogether. */
    readonly diskBytes?: number;
  };
};

export type OutputChunk = { readonly stream: 'stdout' | 'stderr'; readonly data: Buffer };

/** One container of ours; disposing of it kills and removes it. */
export interface Container extends AsyncDisposable {
  readonly id: string;
  /** Unpacks a tar stream at a directory of the container; before the start as well. */
  putArchive(tar: Readable, directory: string, signal?: AbortSignal): Promise<void>;
  /** One path of the container as a tar stream, which breaks when the signal is aborted. */
  getArchive(path: string, signal?: AbortSignal): Promise<Readable>;
  /** The whole file system as a tar stream, which breaks when the signal is aborted. */
  export(signal?: AbortSignal): Promise<Readable>;
  /**
   * What the program prints, from its start; call it before `start`. `ended`: all of it has arrived. `input`,
   * for a container that takes it, is what the program reads, and after which its standard input ends.
   */
  attach(onOutput: (chunk: OutputChunk) => void, input?: string): Promise<{ ended: Promise<void> }>;
  /**
   * The program's own standard input and output as a stream, for a container that takes input; to be called before
   * `start`. Its input ends with the stream, also where this process dies.
   */
  converse(): Promise<Duplex>;
  start(): Promise<void>;
  /** Resolves when the program has ended, with its exit code and whether the memory limit ended it. */
  wait(): Promise<{ exitCode: number; outOfMemory: boolean }>;
  /** Whether the program runs at this moment, and how it ended where it has. */
  state(): Promise<{ running: boolean; exitCode: number; outOfMemory: boolean }>;
  /** What its files take beside those of its image, in bytes; volumes aside. */
  writtenBytes(): Promise<number>;
  /** Where its volumes are: the engine makes a volume for each VOLUME of the image. */
  volumes(): Promise<readonly string[]>;
  kill(): Promise<void>;
  /** Runs a program inside with its standard input and output as a stream. */
  pipe(argv: readonly string[]): Promise<Duplex>;
}

/** What there is of ours in the engine. */
export type Leftovers = {
  readonly containers: readonly string[];
  readonly images: readonly string[];
  readonly networks: readonly string[];
};

/** The container engine in our own words. */
export interface Engine {
  /**
   * The same engine for one piece of work: when the signal is aborted its requests end within a short time, disposals
   * included. `onFault` hears of a connection that broke.
   */
  during(run: { readonly signal: AbortSignal; readonly onFault: (fault: UserError) => void }): Engine;
  /** Version and architecture of the engine (`amd64`, `arm64`). */
  readonly version: string;
  readonly architecture: string;
  /** What its machine has for all containers together. */
  resources(): Promise<{ readonly memoryBytes: number; readonly processors: number }>;
  /** @throws BuildError where a step fails. */
  build(request: BuildRequest): Promise<ImageId>;
  /** Makes an image of one layer from a tar stream; `reference` names it so that it is found again. */
  importImage(tar: Readable, reference: string): Promise<ImageId>;
  /** Undefined where the engine has no such image. */
  inspectImage(reference: string): Promise<ImageConfig | undefined>;
  /**
   * The digest that a reference stands for at this moment: the engine's own image, else what its registry says.
   * Undefined where neither knows it.
   */
  resolveImage(reference: string): Promise<string | undefined>;
  removeImage(id: ImageId): Promise<void>;
  /** @throws UserError with a `RegistryCode`. */
  pullImage(request: ImagePull): Promise<void>;
  registrySettings(): Promise<RegistrySettings>;
  createContainer(spec: ContainerSpec): Promise<Container>;
  /** Removes what carries our label and the run's scope: all of it, or only what runs that have died left behind. */
  clean(which: 'all' | 'abandoned'): Promise<Leftovers>;
}
