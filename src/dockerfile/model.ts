/**
 * The model of a Dockerfile: https://docs.docker.com/reference/dockerfile/, read as BuildKit's
 * frontend/dockerfile/parser reads it. Nothing in it is expanded: variables, quotes and escapes are as written.
 */
import type { TextRange } from '../shared/diagnostic.ts';

/** What a build is given from outside. */
export type BuildSettings = {
  /** `--build-arg`; a name that no ARG declares has no effect. */
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** The platform that is built for, `os/architecture[/variant]`. Default `linux/amd64`. */
  readonly targetPlatform?: string;
  /** The platform that builds. Default `linux/amd64`. */
  readonly buildPlatform?: string;
  /** `--target`: what TARGETSTAGE holds. Default `default`. */
  readonly targetStage?: string;
};

/** The lines of an instruction, counted from 1, both inclusive. */
export type LineRange = { readonly first: number; readonly last: number };

/**
 * One argument. `text` has its continuation lines joined and the comments between them left out, quotes and variables
 * still in it (in JSON form: the decoded string); `range` is its place in the source.
 */
export type Word = { readonly text: string; readonly range: TextRange };

/** `--name=value`, or `--name` alone with a null value. Quotes are removed. */
export type Flag = { readonly name: string; readonly value: string | null; readonly range: TextRange };

export type Heredoc = {
  readonly name: string;
  /** The lines between the opening one and the terminator, as written; for `<<-` with leading tabs removed. */
  readonly content: string;
  /** Whether the name was quoted: then variables in the content are not expanded. */
  readonly quoted: boolean;
  /** The content and the terminator's line without its line break. */
  readonly range: TextRange;
};

/** The character that continues a line and escapes: a backslash, or a backquote by `# escape=`. */
export type EscapeToken = '\\' | '`';

export type ParserDirective = { readonly name: string; readonly value: string; readonly range: TextRange };

/** A command in exec form (a JSON array) or in shell form (one string for the shell). */
export type Command =
  | { readonly form: 'exec'; readonly argv: readonly string[] }
  | { readonly form: 'shell'; readonly text: string };

/** Where a COPY or a mount takes its files from, other than the build context. */
export type CopyFrom =
  | { readonly kind: 'stage'; readonly raw: string; readonly stageIndex: number }
  | { readonly kind: 'image'; readonly raw: string };

/** What a stage begins with. `raw` and `platform` are as written, `image` has the global ARGs expanded. */
export type StageBase = {
  readonly raw: string;
  readonly platform: string | null;
  /** The place of the image word, for rewriting. */
  readonly range: TextRange;
} & (
  | { readonly kind: 'stage'; readonly stageIndex: number; readonly image: string }
  | { readonly kind: 'scratch' | 'image'; readonly stageIndex: null; readonly image: string }
);

export type NameValue = { readonly name: string; readonly value: string };

/** `value` is null for `ARG name` without a default. */
export type ArgDefinition = { readonly name: string; readonly value: string | null };

/** One `RUN --mount=...`: its fields in lower-case; a field without `=` has the value `true`. */
export type RunMount = {
  readonly type: string;
  readonly from: CopyFrom | null;
  readonly fields: Readonly<Record<string, string>>;
};

/** What every instruction has. */
export type InstructionBase = {
  /**
   * From the first character of the keyword to the end of the last line (of a heredoc's terminator), without its line
   * break.
   */
  readonly range: TextRange;
  readonly lines: LineRange;
  /** The source text of `range`. */
  readonly raw: string;
  readonly flags: readonly Flag[];
};

/** COPY or ADD. `from` is null for the build context; heredocs are not among the sources. */
export type CopyInstruction = InstructionBase & {
  readonly keyword: 'COPY' | 'ADD';
  readonly sources: readonly Word[];
  readonly destination: Word;
  readonly heredocs: readonly Heredoc[];
  readonly jsonForm: boolean;
  readonly from: CopyFrom | null;
};

export type RunInstruction = InstructionBase & {
  readonly keyword: 'RUN';
  readonly command: Command;
  readonly mounts: readonly RunMount[];
  readonly heredocs: readonly Heredoc[];
};

/** The instruction of every keyword; `Instruction` is a closed union over it. */
export type Instruction =
  | CopyInstruction
  | RunInstruction
  | (InstructionBase & { readonly keyword: 'FROM'; readonly base: Word; readonly name: Word | null })
  | (InstructionBase & { readonly keyword: 'ENV' | 'LABEL'; readonly pairs: readonly NameValue[] })
  | (InstructionBase & { readonly keyword: 'ARG'; readonly definitions: readonly ArgDefinition[] })
  | (InstructionBase & { readonly keyword: 'CMD' | 'ENTRYPOINT'; readonly command: Command })
  | (InstructionBase & { readonly keyword: 'SHELL'; readonly argv: readonly string[] })
  | (InstructionBase & { readonly keyword: 'EXPOSE' | 'VOLUME'; readonly words: readonly Word[] })
  | (InstructionBase & {
      readonly keyword: 'WORKDIR' | 'USER' | 'STOPSIGNAL' | 'MAINTAINER' | 'HEALTHCHECK' | 'ONBUILD';
      readonly text: string;
    });

export type InstructionOf<K extends Instruction['keyword'], I = Instruction> = I extends { keyword: infer T }
  ? K extends T
    ? I
    : never
  : never;

/** One build stage. Its FROM is not among its instructions. */
export type Stage = {
  readonly index: number;
  /** In lower-case, as it is compared; null where the FROM gives none. */
  readonly name: string | null;
  readonly from: StageBase;
  readonly fromInstruction: InstructionOf<'FROM'>;
  readonly instructions: readonly Instruction[];
  /** From the FROM to the end of the last instruction; comments above the FROM are outside. */
  readonly range: TextRange;
};

export type Dockerfile = {
  /** The whole text, so that `text.slice(range.start, range.end)` is `raw`. */
  readonly text: string;
  /** How messages call the file. */
  readonly file: string;
  readonly directives: readonly ParserDirective[];
  readonly escapeToken: EscapeToken;
  /** The ARGs before the first FROM. */
  readonly globalArgs: readonly InstructionOf<'ARG'>[];
  /** The values of the global and the predefined ARGs under `settings`; a FROM sees them all. */
  readonly globals: ReadonlyMap<string, string>;
  readonly settings: BuildSettings;
  /** Never empty; the last one is the final stage. */
  readonly stages: readonly Stage[];
};

/** The value of the last flag of that name; `''` for a flag without a value, undefined where it is not given. */
export function flagOf(instruction: Instruction, name: string): string | undefined {
  const flag = instruction.flags.findLast((candidate) => candidate.name === name);
  return flag === undefined ? undefined : (flag.value ?? '');
}

/** The last stage: what a build without a target gives. */
export function finalStage(dockerfile: Dockerfile): Stage {
  return dockerfile.stages.at(-1) as Stage;
}

/** Whether an instruction copies files in. */
export function isCopy(instruction: Instruction): instruction is CopyInstruction {
  return instruction.keyword === 'COPY' || instruction.keyword === 'ADD';
}
