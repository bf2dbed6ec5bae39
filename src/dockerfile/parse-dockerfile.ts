import type { SourceFile } from '../shared/diagnostic.ts';
import { assertWithin, LIMITS } from '../shared/limits.ts';
import { ExpansionError, expandWord } from './expand-word.ts';
import { invalidDockerfile } from './invalid-dockerfile.ts';
import type {
  BuildSettings,
  CopyFrom,
  Dockerfile,
  EscapeToken,
  Instruction,
  InstructionOf,
  Stage,
  StageBase,
} from './model.ts';
import { flagOf } from './model.ts';
import { type InstructionReading, readInstruction } from './read-instruction.ts';
import { type RawInstruction, readDirectives, splitInstructions } from './split-instructions.ts';
import { argValue, predefinedArgs } from './variables.ts';

export type ParseOptions = BuildSettings & {
  /** How messages call the file. Default `Dockerfile`. */
  readonly file?: string;
};

/**
 * Reads a Dockerfile. Build arguments matter already here, since a FROM may name its image or stage by one.
 * @throws UserError `dockerfile-invalid`, with the line and a caret, where Docker would refuse the file;
 *   `limit-exceeded`.
 */
export function parseDockerfile(text: string, options: ParseOptions = {}): Dockerfile {
  const { file = 'Dockerfile', ...settings } = options;
  const source = { text, file };
  const directives = readDirectives(source);
  const escapeToken = directives.find((directive) => directive.name === 'escape')?.value === '`' ? '`' : '\\';
  const raws = splitInstructions(source, escapeToken);
  assertWithin(
    raws.length,
    LIMITS.dockerfileInstructions,
    `cannot read ${file}: it has more than % instructions`,
  );
  const names = stageNames(raws);
  assertWithin(names.length, LIMITS.dockerfileStages, `cannot read ${file}: it has more than % stages`);
  const globals = predefinedArgs(settings);
  const globalArgs: InstructionOf<'ARG'>[] = [];
  const stages: StageDraft[] = [];
  for (const raw of raws) {
    const reading: InstructionReading = {
      source,
      escapeToken,
      resolveFrom: stageResolver(source, names, stages.length - 1),
    };
    const instruction = readInstruction(raw, reading);
    const stage = stages.at(-1);
    if (instruction.keyword === 'FROM') {
      stages.push(beginStage(instruction, { source, escapeToken, globals, stages }));
    } else if (stage !== undefined) {
      stage.instructions.push(instruction);
      stage.range = { start: stage.range.start, end: instruction.range.end };
    } else if (instruction.keyword === 'ARG') {
      globalArgs.push(instruction);
      defineGlobals(instruction, { source, escapeToken, globals, buildArgs: settings.buildArgs ?? {} });
    } else {
      throw invalidDockerfile(source, raw.range.start, `${instruction.keyword} before the first FROM`);
    }
  }
  if (stages.length === 0) {
    throw invalidDockerfile(source, text.length, 'there is no FROM', 'begin a stage with FROM <image>');
  }
  return { ...source, directives, escapeToken, globalArgs, globals, settings, stages };
}

type StageDraft = { -readonly [K in keyof Stage]: Stage[K] } & { readonly instructions: Instruction[] };

type Expanding = {
  readonly source: SourceFile;
  readonly escapeToken: EscapeToken;
  readonly globals: Map<string, string>;
};

/** Expands a word of an instruction, and points at the instruction where that fails. */
function expandAt(word: string, offset: number, { source, escapeToken, globals }: Expanding): string {
  try {
    return expandWord(word, { valueOf: (name) => globals.get(name), escapeToken });
  } catch (error) {
    if (!(error instanceof ExpansionError)) throw error;
    throw invalidDockerfile(source, offset, `cannot expand ${word}: ${error.message}`);
  }
}

function defineGlobals(
  instruction: InstructionOf<'ARG'>,
  context: Expanding & { readonly buildArgs: Readonly<Record<string, string>> },
): void {
  const expand = (word: string) => expandAt(word, instruction.range.start, context);
  for (const definition of instruction.definitions) {
    const value = argValue(definition, { buildArgs: context.buildArgs, globals: context.globals, expand });
    if (value !== undefined) context.globals.set(definition.name, value);
  }
}

function beginStage(
  from: InstructionOf<'FROM'>,
  context: Expanding & { readonly stages: readonly Stage[] },
): StageDraft {
  const { base } = from;
  const image = expandAt(base.text, base.range.start, context);
  if (image === '') {
    throw invalidDockerfile(context.source, base.range.start, `the image ${base.text} expands to nothing`);
  }
  const parent = context.stages.findLast((stage) => stage.name === image.toLowerCase());
  const common = { raw: base.text, platform: flagOf(from, 'platform') ?? null, range: base.range, image };
  const start: StageBase =
    parent !== undefined
      ? { ...common, kind: 'stage', stageIndex: parent.index }
      : { ...common, kind: image === 'scratch' ? 'scratch' : 'image', stageIndex: null };
  return {
    index: context.stages.length,
    name: from.name?.text.toLowerCase() ?? null,
    from: start,
    fromInstruction: from,
    instructions: [],
    range: from.range,
  };
}

/** The name of every stage in order, read before the stages are, since a COPY may name a later one. */
function stageNames(raws: readonly RawInstruction[]): (string | null)[] {
  return raws.flatMap(({ line }) => {
    if (!/^FROM(\s|$)/i.test(line.text)) return [];
    return [/\sAS\s+(\S+)\s*$/i.exec(line.text)?.[1]?.toLowerCase() ?? null];
  });
}

/** Names win over numbers, stages over images; no variable is expanded in a `--from`. */
function stageResolver(source: SourceFile, names: readonly (string | null)[], current: number) {
  return (raw: string, offset: number): CopyFrom => {
    const name = raw.toLowerCase();
    const earlier = names.slice(0, current).lastIndexOf(name);
    const named = earlier >= 0 ? earlier : names.indexOf(name, current + 1);
    if (named >= 0) return { kind: 'stage', raw, stageIndex: named };
    if (!/^[+-]?\d+$/.test(raw)) return { kind: 'image', raw };
    const index = Number(raw);
    if (index >= 0 && index < names.length && index !== current)
      return { kind: 'stage', raw, stageIndex: index };
    const count = names.length === 1 ? 'the only stage is 0' : `the stages are 0 to ${names.length - 1}`;
    throw invalidDockerfile(source, offset, `there is no other stage ${raw} to copy from: ${count}`);
  };
}
