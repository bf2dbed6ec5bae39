import { expandStage } from '../../src/dockerfile/expand-stage.ts';
import {
  type CopyFrom,
  type CopyInstruction,
  type Dockerfile,
  type Instruction,
  isCopy,
  type RunInstruction,
  type Stage,
} from '../../src/dockerfile/model.ts';
import { parseDockerfile } from '../../src/dockerfile/parse-dockerfile.ts';
import { targetStage } from '../../src/dockerfile/stages-used.ts';
import { BuildError, type BuildRequest } from '../../src/engine/engine.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { type ModelBase, ModelError, modelStage } from '../support/copy-model.ts';
import type { RootfsTable } from '../support/rootfs.ts';
import { runByShell } from './shell.ts';
import { WorldTree } from './tree.ts';

/** What an image says of how to run it, as far as stories care. */
export type WorldConfig = {
  readonly env?: Readonly<Record<string, string>>;
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly workingDir?: string;
  readonly user?: string;
  readonly ports?: readonly number[];
  readonly volumes?: readonly string[];
};

/** An image of a world. */
export type WorldImage = {
  readonly tree: RootfsTable;
  readonly config?: WorldConfig;
  /** Builds find it, and the engine does not: BuildKit keeps what it has pulled to itself. */
  readonly isHidden?: true;
};

/** What a RUN line does: it adds and removes paths, or fails with what it printed. */
export type WorldRun = {
  readonly adds?: RootfsTable | ((build: number) => RootfsTable);
  readonly removes?: readonly string[];
  readonly fails?: readonly string[];
  /** Fails only on the engine's own network. */
  readonly needsHostNetwork?: boolean;
};

/** What builds of a world know. */
export type Quarry = {
  readonly images: Readonly<Record<string, WorldImage>>;
  /** By the command as it is written. */
  readonly runs: Readonly<Record<string, WorldRun>>;
  /** Whether the frontend of a `# syntax=` line can be fetched. */
  readonly hasFrontends: boolean;
};

const FLAGS = new Set(['from', 'chown', 'chmod', 'link']);

type Built = { readonly tree: WorldTree; readonly config: Required<WorldConfig> };

/**
 * Builds a Dockerfile over a context as the world's trees and RUN lines make it; `build` is the number of the
 * Dockerfile's text.
 */
export function buildInWorld(
  quarry: Quarry,
  request: Pick<BuildRequest, 'dockerfile' | 'target' | 'buildArgs' | 'network'>,
  { context, build }: { readonly context: WorldTree; readonly build: number },
): Built {
  const text = Buffer.from(context.read(imagePath(request.dockerfile))).toString();
  const { buildArgs, network } = request;
  if (/^#\s*syntax\s*=/i.test(text) && !quarry.hasFrontends) {
    throw new BuildError('failed to resolve source metadata', 'resolve image config for docker.io/x', []);
  }
  const dockerfile = parseDockerfile(text, { buildArgs });
  const target = targetStage(dockerfile, request.target);
  if (target === undefined)
    throw new BuildError(`target stage ${request.target} could not be found`, null, []);
  return new Building(quarry, { dockerfile, context, build, network }).stage(target);
}

type About = {
  readonly dockerfile: Dockerfile;
  readonly context: WorldTree;
  readonly build: number;
  readonly network: BuildRequest['network'];
};

class Building {
  readonly #quarry: Quarry;
  readonly #about: About;
  readonly #stages = new Map<number, Built>();

  constructor(quarry: Quarry, about: About) {
    this.#quarry = quarry;
    this.#about = about;
  }

  stage(stage: Stage): Built {
    const known = this.#stages.get(stage.index);
    if (known !== undefined) return known;
    const { dockerfile } = this.#about;
    const below = this.#baseOf(stage);
    for (const instruction of stage.instructions) insist(instruction);
    const baseConfig = (image: string) => {
      const { config } = this.#image(image);
      return { environment: config.env, workdir: config.workingDir || '/' };
    };
    const run = (instruction: RunInstruction, table: RootfsTable) => this.#run(instruction, table);
    const base: ModelBase = { table: below.tree.table(), baseConfig, run };
    const trees = new Map<CopyInstruction, WorldTree>();
    for (const instruction of stage.instructions) {
      if (isCopy(instruction)) trees.set(instruction, this.#source(instruction.from));
    }
    try {
      const treeOf = (instruction: CopyInstruction) => trees.get(instruction) as WorldTree;
      const { table } = modelStage(dockerfile, treeOf, { stage, base });
      const built = { tree: new WorldTree(table), config: configOf(stage, below.config) };
      const { environment, workdir } = expandStage(dockerfile, stage, base);
      const config = { ...built.config, env: Object.fromEntries(environment), workingDir: workdir };
      this.#stages.set(stage.index, { ...built, config });
      return { ...built, config };
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      throw new BuildError(`failed to compute cache key: ${error.message}`, '[stage] COPY', [error.message]);
    }
  }

  #baseOf({ from }: Stage): Built {
    if (from.kind === 'scratch') return { tree: new WorldTree(), config: EMPTY };
    if (from.kind === 'stage') return this.stage(this.#about.dockerfile.stages[from.stageIndex] as Stage);
    return this.#image(from.image);
  }

  #image(reference: string): Built {
    const image = this.#quarry.images[reference];
    if (image === undefined) {
      const message = `${reference}: not found`;
      throw new BuildError(message, `[internal] load metadata for ${reference}`, [message]);
    }
    return { tree: new WorldTree(image.tree), config: { ...EMPTY, ...image.config } };
  }

  #source(from: CopyFrom | null): WorldTree {
    if (from === null) return this.#about.context;
    if (from.kind === 'image') return this.#image(from.raw).tree;
    return this.stage(this.#about.dockerfile.stages[from.stageIndex] as Stage).tree;
  }

  #run(instruction: RunInstruction, table: RootfsTable): RootfsTable {
    const { command } = instruction;
    const text = command.form === 'shell' ? command.text : command.argv.join(' ');
    const run = this.#quarry.runs[text];
    const made = run === undefined ? runByShell(text, table) : undefined;
    if (made !== undefined) return made;
    if (run === undefined) throw new Error(`the world does not know what this does: RUN ${text}`);
    const { network, build } = this.#about;
    const step = `[1/2] RUN ${text}`;
    if (run.fails !== undefined && !(run.needsHostNetwork && network === 'host')) {
      throw new BuildError(`process "${text}" did not complete: exit code: 1`, step, run.fails);
    }
    const tree = new WorldTree(table);
    for (const path of run.removes ?? []) tree.remove(imagePath(path));
    const adds = typeof run.adds === 'function' ? run.adds(build) : (run.adds ?? {});
    for (const [path, value] of Object.entries(adds)) tree.put(imagePath(path), value);
    return tree.table();
  }
}

const EMPTY: Required<WorldConfig> = {
  env: {},
  entrypoint: [],
  cmd: [],
  workingDir: '',
  user: '',
  ports: [],
  volumes: [],
};

/** Refuses what the world's model of COPY does not know. */
function insist(instruction: Instruction): void {
  if (!isCopy(instruction)) return;
  const strange = instruction.flags.find(({ name }) => !FLAGS.has(name));
  if (strange !== undefined)
    throw new Error(`the world does not know --${strange.name} of ${instruction.raw}`);
  const archive = instruction.sources.find(({ text }) => /^https?:|\.(?:tar|tgz|gz|xz)$/.test(text));
  if (instruction.keyword === 'ADD' && archive !== undefined) {
    throw new Error(`the world cannot unpack or fetch ${archive.text}`);
  }
}

function configOf({ instructions }: Stage, below: Required<WorldConfig>): Required<WorldConfig> {
  let config = below;
  for (const instruction of instructions) {
    if (instruction.keyword === 'CMD') config = { ...config, cmd: wordsOf(instruction.command) };
    if (instruction.keyword === 'ENTRYPOINT') {
      config = { ...config, entrypoint: wordsOf(instruction.command), cmd: [] };
    }
    if (instruction.keyword === 'USER') config = { ...config, user: instruction.text };
    if (instruction.keyword === 'EXPOSE') {
      const ports = instruction.words.map(({ text }) => Number.parseInt(text, 10));
      config = { ...config, ports: [...config.ports, ...ports] };
    }
    if (instruction.keyword === 'VOLUME') {
      config = { ...config, volumes: [...config.volumes, ...instruction.words.map(({ text }) => text)] };
    }
  }
  return config;
}

function wordsOf(command: { form: 'exec'; argv: readonly string[] } | { form: 'shell'; text: string }) {
  return command.form === 'exec' ? command.argv : ['/bin/sh', '-c', command.text];
}
