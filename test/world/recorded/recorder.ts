import { vi } from 'vitest';
import { parseDockerfile } from '../../../src/dockerfile/parse-dockerfile.ts';
import { targetStage } from '../../../src/dockerfile/stages-used.ts';
import type { Container, ContainerSpec, Engine, ImageConfig } from '../../../src/engine/engine.ts';
import { packItems } from '../../../src/image/pack-tar.ts';
import { Rootfs } from '../../../src/image/rootfs.ts';
import { contentOf } from '../../../src/image/unpack-tar.ts';
import { imagePath } from '../../../src/shared/image-path.ts';
import { BUNDLE_DIRECTORY } from '../../../src/workload/strace-bundle.ts';
import { stageKey, type WorldConfig } from '../build.ts';
import { isListing } from '../listing.ts';
import { WorldTree } from '../tree.ts';
import type { RecordedContent, RecordedPath, RecordedRun } from './recording.ts';

/** A tree that the tool took, with what it read of it. */
export type Taken = {
  readonly image: string;
  readonly paths: Record<string, RecordedPath>;
  readonly ranges: Map<string, Map<number, Buffer>>;
};

/** Listens to a real engine, and to what the tool reads of the trees that it takes. */
export class Recorder {
  readonly taken: Taken[] = [];
  readonly stages = new Map<string, string>();
  readonly configs = new Map<string, ImageConfig>();
  readonly runs = new Map<string, { -readonly [K in keyof RecordedRun]: RecordedRun[K] }>();
  readonly #tars = new WeakMap<object, string>();
  readonly #trees = new WeakMap<Rootfs, Taken>();

  /** Notes the trees that are taken from now on. */
  listen(): () => void {
    const { fromTar } = Rootfs;
    const { read } = Rootfs.prototype;
    const trees = this.#trees;
    const taking = vi.spyOn(Rootfs, 'fromTar').mockImplementation(async (tar, path) => {
      const rootfs = await fromTar.call(Rootfs, tar, path);
      const image = this.#tars.get(tar);
      if (image !== undefined) {
        const taken = { image, paths: pathsOf(rootfs), ranges: new Map() };
        trees.set(rootfs, taken);
        this.taken.push(taken);
      }
      return rootfs;
    });
    const reading = vi.spyOn(Rootfs.prototype, 'read').mockImplementation(function (
      this: Rootfs,
      path,
      offset = 0,
      length = Number.POSITIVE_INFINITY,
    ) {
      const bytes = read.call(this, path, offset, length);
      const ranges = trees.get(this)?.ranges;
      if (ranges !== undefined) {
        const known = ranges.get(path) ?? new Map<number, Buffer>();
        ranges.set(path, known);
        if ((known.get(offset)?.length ?? -1) < bytes.length) known.set(offset, Buffer.from(bytes));
      }
      return bytes;
    });
    return () => {
      taking.mockRestore();
      reading.mockRestore();
    };
  }

  engine(real: Engine): Engine {
    return {
      ...real,
      during: (run) => this.engine(real.during(run)),
      build: async (request) => {
        const context = new WorldTree();
        await context.unpack(request.context());
        const text = Buffer.from(context.read(imagePath(request.dockerfile))).toString();
        const id = await real.build(request);
        const stage = targetStage(parseDockerfile(text, { buildArgs: request.buildArgs }), request.target);
        if (stage !== undefined) this.stages.set(id, stageKey(stage));
        const config = await real.inspectImage(id);
        if (config !== undefined) this.configs.set(id, config);
        return id;
      },
      createContainer: async (spec) => this.#container(await real.createContainer(spec), spec),
    };
  }

  #container(container: Container, spec: ContainerSpec): Container {
    const isTraced = spec.argv.some((word) => word === `${BUNDLE_DIRECTORY}/strace`);
    const argv = isTraced ? spec.argv.slice(spec.argv.indexOf('--') + 1) : spec.argv;
    const isApp = !isListing(spec.argv) && spec.takesInput !== true && spec.argv[0] !== '/';
    const key = JSON.stringify(argv);
    const run = this.runs.get(key) ?? { argv, stdout: '', stderr: '', exitCode: 0, trace: null };
    if (isApp) this.runs.set(key, run);
    const seen = { stdout: '', stderr: '' };
    return {
      ...container,
      export: async (signal) => {
        const tar = await container.export(signal);
        this.#tars.set(tar, spec.image);
        return tar;
      },
      attach: (onOutput, input) =>
        container.attach((chunk) => {
          seen[chunk.stream] += chunk.data.toString('utf8');
          onOutput(chunk);
        }, input),
      wait: async () => {
        const end = await container.wait();
        // what the tool made last is what behaves
        if (isApp && !isTraced) {
          setImmediate(() => Object.assign(run, seen, { exitCode: end.exitCode }));
        }
        return end;
      },
      getArchive: async (path, signal) => {
        const archive = await container.getArchive(path, signal);
        if (!isTraced || path !== `${BUNDLE_DIRECTORY}/log`) return archive;
        const chunks: Uint8Array[] = [];
        for await (const chunk of contentOf(archive)) chunks.push(chunk);
        const content = Buffer.concat(chunks);
        run.trace ??= content.toString('latin1');
        return packItems([{ name: 'log', size: content.length, content }]);
      },
    };
  }
}

export function configOf(config: ImageConfig): WorldConfig {
  const { entrypoint, cmd, workingDir, user, ports, volumes } = config;
  const env = Object.fromEntries(
    config.env.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  return { env, entrypoint, cmd, workingDir, user, ports, volumes };
}

export function contentsOf({ ranges }: Taken): Record<string, RecordedContent> {
  return Object.fromEntries(
    [...ranges].map(([path, read]) => [
      path,
      [...read].map(([offset, bytes]) => [offset, bytes.toString('base64')] as const),
    ]),
  );
}

export function pathsOf(rootfs: Rootfs): Record<string, RecordedPath> {
  const paths: Record<string, RecordedPath> = {};
  for (const [path, { type, mode, uid, gid, size, mtime, linkTarget, hardLinkTo }] of rootfs.entries()) {
    const isDevice = type.endsWith('-device');
    if (isDevice) continue;
    paths[path] = [
      hardLinkTo === null ? type : 'link',
      mode,
      uid,
      gid,
      size,
      mtime,
      hardLinkTo ?? linkTarget,
    ];
  }
  return paths;
}
