import { UserError } from '../shared/failure.ts';
import { type ImagePath, imagePath, ROOT } from '../shared/image-path.ts';
import { assertWithin, LIMITS } from '../shared/limits.ts';
import { ExpansionError, expandWord } from './expand-word.ts';
import { invalidDockerfile } from './invalid-dockerfile.ts';
import {
  type CopyInstruction,
  type Dockerfile,
  type Instruction,
  isCopy,
  type NameValue,
  type Stage,
} from './model.ts';
import { stagesUsedBy, targetStage } from './stages-used.ts';
import { argValue } from './variables.ts';

/** What a stage inherits from an image: its ENV and WORKDIR. */
export type BaseConfig = { readonly environment: Readonly<Record<string, string>>; readonly workdir: string };

export type ExpandStageOptions = {
  /** What is known of the image that a stage begins with; without it the image has no ENV and the WORKDIR `/`. */
  readonly baseConfig?: (image: string) => BaseConfig | undefined;
};

/** The arguments of a COPY or ADD with variables expanded and quotes removed. */
export type ExpandedCopy = {
  readonly sources: readonly string[];
  /** Made absolute with the WORKDIR. */
  readonly destination: ImagePath;
  /** Whether the destination is a directory whatever the image holds: `dir/`, `.`, or several sources. */
  readonly intoDirectory: boolean;
  /** Files written in the Dockerfile itself, their content expanded unless the name was quoted. */
  readonly inline: readonly { readonly name: string; readonly content: string }[];
};

export type ExpandedInstruction = {
  readonly instruction: Instruction;
  /** ENV before this instruction. */
  readonly environment: ReadonlyMap<string, string>;
  /** ENV and ARG before this instruction: what a `$X` in it means. */
  readonly variables: ReadonlyMap<string, string>;
  /** WORKDIR before this instruction. */
  readonly workdir: ImagePath;
  /** For COPY and ADD, else null. */
  readonly copy: ExpandedCopy | null;
};

/** A stage with the state at its end, from which a stage FROM it goes on. */
export type ExpandedStage = {
  readonly stage: Stage;
  readonly instructions: readonly ExpandedInstruction[];
  readonly environment: ReadonlyMap<string, string>;
  readonly variables: ReadonlyMap<string, string>;
  readonly workdir: ImagePath;
};

/**
 * Follows ENV, ARG and WORKDIR through a stage and the stages it is built FROM, and expands the words of COPY and ADD.
 *
 * Scope: a global ARG is seen in a stage only once it is declared there again; a stage sees the ARGs of the stage
 * it is FROM. Of an ENV and an ARG with one name the later wins: measured on BuildKit (Engine 20.10); the
 * classic builder and the reference say that ENV always wins.
 * @throws UserError `dockerfile-invalid` where a word cannot be expanded, `limit-exceeded`.
 */
export function expandStage(
  dockerfile: Dockerfile,
  stage: Stage,
  options: ExpandStageOptions = {},
): ExpandedStage {
  const state = beginning(dockerfile, stage, options);
  const instructions = stage.instructions.map((instruction): ExpandedInstruction => {
    const { environment, variables, workdir } = state;
    const copy = isCopy(instruction)
      ? expandCopy(instruction, expander(dockerfile, instruction, variables), workdir)
      : null;
    apply(instruction, state, dockerfile);
    return { instruction, environment, variables, workdir, copy };
  });
  return { stage, instructions, ...state };
}

/**
 * Refuses a Dockerfile whose words become too long before a builder takes its time and memory for them. What else is
 * wrong with a word is the builder's to say: what the base images set is not known yet.
 * @throws UserError `limit-exceeded`.
 */
export function assertExpandable(dockerfile: Dockerfile, target?: string): void {
  for (const index of stagesUsedBy(dockerfile, targetStage(dockerfile, target))) {
    try {
      expandStage(dockerfile, dockerfile.stages[index] as Stage);
    } catch (error) {
      if (error instanceof UserError && error.code === 'limit-exceeded') throw error;
    }
  }
}

type State = {
  environment: ReadonlyMap<string, string>;
  variables: ReadonlyMap<string, string>;
  workdir: ImagePath;
};

function beginning(dockerfile: Dockerfile, stage: Stage, options: ExpandStageOptions): State {
  if (stage.from.kind === 'stage') {
    const parent = expandStage(dockerfile, dockerfile.stages[stage.from.stageIndex] as Stage, options);
    const { environment, workdir } = parent;
    return { environment, variables: new Map([...parent.variables, ...environment]), workdir };
  }
  const base = stage.from.kind === 'image' ? options.baseConfig?.(stage.from.image) : undefined;
  const environment = new Map(Object.entries(base?.environment ?? {}));
  return { environment, variables: environment, workdir: imagePath(base?.workdir ?? '/') };
}

type Expand = (word: string, quotes?: boolean) => string;

/** Expands words of one instruction, and points at the instruction where that fails. */
function expander(
  dockerfile: Dockerfile,
  instruction: Instruction,
  variables: ReadonlyMap<string, string>,
): Expand {
  const { escapeToken } = dockerfile;
  return (word, quotes = true) => {
    try {
      return expandWord(word, { valueOf: (name) => variables.get(name), escapeToken, quotes });
    } catch (error) {
      if (!(error instanceof ExpansionError)) throw error;
      throw invalidDockerfile(dockerfile, instruction.range.start, `cannot expand ${word}: ${error.message}`);
    }
  };
}

function apply(instruction: Instruction, state: State, dockerfile: Dockerfile): void {
  if (instruction.keyword === 'ENV') {
    const expand = expander(dockerfile, instruction, state.variables);
    const pairs = instruction.pairs.map(
      ({ name, value }: NameValue) => [expand(name), expand(value)] as const,
    );
    state.environment = new Map([...state.environment, ...pairs]);
    state.variables = withinLimit(new Map([...state.variables, ...pairs]), dockerfile);
  } else if (instruction.keyword === 'ARG') {
    const variables = new Map(state.variables);
    const expand = expander(dockerfile, instruction, variables);
    const { globals, settings } = dockerfile;
    for (const definition of instruction.definitions) {
      const value = argValue(definition, { globals, buildArgs: settings.buildArgs ?? {}, expand });
      if (value !== undefined) variables.set(definition.name, value);
    }
    state.variables = withinLimit(variables, dockerfile);
  } else if (instruction.keyword === 'WORKDIR') {
    const expand = expander(dockerfile, instruction, state.variables);
    state.workdir = imagePath(expand(instruction.text), state.workdir);
  }
}

function withinLimit(variables: ReadonlyMap<string, string>, { file }: Dockerfile): typeof variables {
  const what = `cannot read ${file}: a stage has more than % variables`;
  assertWithin(variables.size, LIMITS.dockerfileVariables, what);
  return variables;
}

function expandCopy(instruction: CopyInstruction, expand: Expand, workdir: ImagePath): ExpandedCopy {
  const destination = expand(instruction.destination.text);
  const count = instruction.sources.length + instruction.heredocs.length;
  return {
    sources: instruction.sources.map((source) => expand(source.text)),
    destination: imagePath(destination, workdir),
    intoDirectory: count > 1 || /^\.?$|\/$/.test(destination) || imagePath(destination, workdir) === ROOT,
    inline: instruction.heredocs.map(({ name, content, quoted }) => ({
      name,
      content: quoted ? content : expand(content, false),
    })),
  };
}
