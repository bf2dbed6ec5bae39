import { once } from 'node:events';
import { Duplex, PassThrough, type Readable } from 'node:stream';
import type Docker from 'dockerode';
import { understand } from './answer.ts';
import type { Container, ContainerSpec, OutputChunk } from './engine.ts';
import { nonsense } from './engine-fault.ts';
import { ignoreGone } from './gone.ts';
import { sendStream } from './send-stream.ts';

/** One name for all of them, since by default it is random and differs from run to run. */
const HOSTNAME = 'kraft-slim';

/** Creates a container that cannot reach out, gain rights or use up the machine. It is not started yet. */
export async function createContainer(
  docker: Docker,
  spec: ContainerSpec,
  labels: Readonly<Record<string, string>>,
): Promise<Container> {
  const created = await docker.createContainer({
    Image: spec.image,
    // who shares a network shares its name, and the engine refuses another
    ...(spec.network.startsWith('container:') ? {} : { Hostname: HOSTNAME }),
    Entrypoint: [...spec.argv],
    Cmd: [],
    Env: Object.entries(spec.env).map(([name, value]) => `${name}=${value}`),
    User: '0:0',
    WorkingDir: '/',
    Labels: { ...labels },
    // the standard input ends with the one stream that is attached, as a pipe's does
    ...(spec.takesInput ? { AttachStdin: true, OpenStdin: true, StdinOnce: true } : {}),
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: {
      NetworkMode: spec.network,
      Sysctls: { ...spec.sysctls },
      Memory: spec.limits.memoryBytes,
      MemorySwap: spec.limits.memoryBytes,
      PidsLimit: spec.limits.pids,
      ...fileSizeLimit(spec.limits.diskBytes),
      SecurityOpt: ['no-new-privileges'],
      ...(spec.volumesFrom === undefined ? {} : { VolumesFrom: [`${spec.volumesFrom}:ro`] }),
      CapAdd: spec.tracing ? ['SYS_PTRACE'] : [],
      LogConfig: { Type: 'none', Config: {} },
    },
  });
  if (typeof created.id !== 'string')
    throw nonsense('POST /containers/create', { why: 'it names no container' });
  return containerOver(docker, created);
}

function containerOver(docker: Docker, container: Docker.Container): Container {
  return {
    id: container.id,
    async putArchive(tar, directory, signal) {
      await sendStream(tar, signal, (abortSignal) =>
        container.putArchive(tar, { path: directory, abortSignal }),
      );
    },
    getArchive: (path, signal) => container.getArchive({ path, ...abortedBy(signal) }) as Promise<Readable>,
    export: (signal) => container.export(abortedBy(signal)) as Promise<Readable>,
    attach: (onOutput, input) => attachTo(docker, container, { onOutput, input }),
    async converse() {
      const options = { stream: true, stdin: true, stdout: true, stderr: true, hijack: true };
      return overSocket(docker, (await container.attach(options)) as Duplex);
    },
    async start() {
      await container.start();
    },
    async wait() {
      const ended = (await container.wait()) as { StatusCode: number };
      const exitCode = understand('POST /containers/wait', () => ended.StatusCode);
      return { exitCode, outOfMemory: (await stateOf(container)).outOfMemory };
    },
    state: () => stateOf(container),
    async writtenBytes() {
      // the types leave out the option
      const found = (await container.inspect({ size: true } as never)) as unknown as { SizeRw?: number };
      return understand('GET /containers/json', () => found.SizeRw ?? 0);
    },
    async volumes() {
      const found = await container.inspect();
      return understand('GET /containers/json', () =>
        (found.Mounts ?? []).map(({ Destination }) => Destination),
      );
    },
    async kill() {
      await container.kill({ signal: 'SIGKILL' }).catch(ignoreGone);
    },
    pipe: (argv) => pipeInside(docker, container, argv),
    async [Symbol.asyncDispose]() {
      await container.remove({ force: true, v: true }).catch(ignoreGone);
    },
  };
}

/** A file may be sparse, and larger than what it takes: LMDB makes such. */
const FILE_SHARE = 4;

function fileSizeLimit(diskBytes: number | undefined): Pick<Docker.HostConfig, 'Ulimits'> {
  if (diskBytes === undefined) return {};
  const bytes = FILE_SHARE * Math.ceil(diskBytes);
  return { Ulimits: [{ Name: 'fsize', Soft: bytes, Hard: bytes }] };
}

async function stateOf(
  container: Docker.Container,
): Promise<{ running: boolean; exitCode: number; outOfMemory: boolean }> {
  const found = await container.inspect();
  return understand('GET /containers/json', () => {
    const { Running, ExitCode, OOMKilled } = found.State;
    return { running: Running, exitCode: ExitCode, outOfMemory: OOMKilled };
  });
}

/** What dockerode takes for a signal; under `exactOptionalPropertyTypes` none must not be undefined. */
function abortedBy(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}

async function attachTo(
  docker: Docker,
  container: Docker.Container,
  { onOutput, input }: { onOutput: (chunk: OutputChunk) => void; input: string | undefined },
): Promise<{ ended: Promise<void> }> {
  const stdin = input !== undefined;
  const socket = await container.attach({ stream: true, stdin, stdout: true, stderr: true, hijack: true });
  const ended = demultiplex(docker, socket as Duplex, onOutput);
  if (stdin) socket.end(input);
  return { ended };
}

async function pipeInside(
  docker: Docker,
  container: Docker.Container,
  argv: readonly string[],
): Promise<Duplex> {
  const exec = await container.exec({
    Cmd: [...argv],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  });
  return overSocket(docker, await exec.start({ hijack: true, stdin: true }));
}

/** What is written goes to the program's standard input, what is read is its standard output. */
function overSocket(docker: Docker, socket: Duplex): Duplex {
  const both = new Duplex({
    // what comes is pushed as it comes: answers to probes are small
    read: () => undefined,
    write: (chunk, encoding, done) => socket.write(chunk, encoding, done),
    final: (done) => socket.end(done),
    destroy(error, done) {
      socket.destroy();
      done(error);
    },
  });
  // who is done with a connection does not listen any more
  both.on('error', () => undefined);
  const printed = demultiplex(docker, socket, ({ stream, data }) => {
    if (stream === 'stdout') both.push(data);
  });
  printed.then(
    () => both.push(null),
    (error: Error) => both.destroy(error),
  );
  return both;
}

/** Splits the engine's stream of framed output into its two channels; resolves when all of it was handed on. */
async function demultiplex(
  docker: Docker,
  socket: Duplex,
  onOutput: (chunk: OutputChunk) => void,
): Promise<void> {
  const stdout = new PassThrough().on('data', (data: Buffer) => onOutput({ stream: 'stdout', data }));
  const stderr = new PassThrough().on('data', (data: Buffer) => onOutput({ stream: 'stderr', data }));
  const drained = Promise.all([once(stdout, 'end'), once(stderr, 'end')]);
  const finish = () => {
    stdout.end();
    stderr.end();
  };
  // a stream that breaks shows in the exit code, which cannot be fetched any more
  socket.once('end', finish).once('close', finish).on('error', finish);
  docker.modem.demuxStream(socket, stdout, stderr);
  await drained;
}
