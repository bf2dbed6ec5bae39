import type { SourceFile } from '../shared/diagnostic.ts';
import { nearestMatch } from '../shared/nearest-match.ts';
import { readHeredocOpening } from './heredoc.ts';
import { invalidDockerfile } from './invalid-dockerfile.ts';
import { sourceOffset, sourceRange, wordAt } from './logical-line.ts';
import type {
  Command,
  CopyFrom,
  EscapeToken,
  Flag,
  Instruction,
  InstructionBase,
  NameValue,
  Word,
} from './model.ts';
import { readMounts } from './run-mount.ts';
import { isJsonArray, type RawInstruction } from './split-instructions.ts';
import { type Span, skipBlanks, splitAtBlanks, splitFlags, splitJson, splitQuoted } from './split-words.ts';

/** All that is known while an instruction is read. */
export type InstructionReading = {
  readonly source: SourceFile;
  readonly escapeToken: EscapeToken;
  /** Finds out what a `--from` means. @throws UserError for a stage number that does not exist. */
  readonly resolveFrom: (raw: string, offset: number) => CopyFrom;
};

type Arguments = InstructionReading & {
  readonly raw: RawInstruction;
  readonly common: InstructionBase;
  readonly keyword: Instruction['keyword'];
  /** Offset in the logical line where the arguments begin, behind the flags. */
  readonly rest: number;
};

const READERS: Readonly<Record<Instruction['keyword'], (args: Arguments) => Instruction>> = {
  FROM: readFrom,
  COPY: readCopy,
  ADD: readCopy,
  RUN: readRun,
  CMD: readCommandInstruction,
  ENTRYPOINT: readCommandInstruction,
  SHELL: readShell,
  ENV: readPairs,
  LABEL: readPairs,
  ARG: readArg,
  EXPOSE: readWords,
  VOLUME: readWords,
  WORKDIR: readText,
  USER: readText,
  STOPSIGNAL: readText,
  MAINTAINER: readText,
  HEALTHCHECK: readText,
  ONBUILD: readText,
};

/**
 * Understands one instruction.
 * @throws UserError `dockerfile-invalid` for an unknown keyword and for arguments that Docker refuses.
 */
export function readInstruction(raw: RawInstruction, reading: InstructionReading): Instruction {
  const { line } = raw;
  const written = /^\S*/.exec(line.text)?.[0] ?? '';
  const keyword = written.toUpperCase() as Instruction['keyword'];
  if (!Object.hasOwn(READERS, keyword)) throw unknownInstruction(written, raw, reading.source);
  const { flags, rest } = splitFlags(line.text, written.length);
  const common = {
    range: raw.range,
    lines: raw.lines,
    raw: reading.source.text.slice(raw.range.start, raw.range.end),
    flags: flags.map(
      (flag): Flag => ({ name: flag.name, value: flag.value, range: sourceRange(line, flag) }),
    ),
  };
  return READERS[keyword]({ ...reading, raw, common, keyword, rest });
}

function unknownInstruction(written: string, raw: RawInstruction, source: SourceFile) {
  const nearest = nearestMatch(written.toUpperCase(), Object.keys(READERS));
  return invalidDockerfile(
    source,
    raw.range.start,
    `unknown instruction ${written}`,
    nearest === undefined ? undefined : `did you mean ${nearest}?`,
  );
}

function refuse(args: Arguments, why: string) {
  return invalidDockerfile(args.source, args.raw.range.start, `${args.keyword} ${why}`);
}

function textOf({ raw, rest }: Arguments): string {
  return raw.line.text.slice(rest).trim();
}

function toWords({ raw }: Arguments, spans: readonly Span[]): Word[] {
  return spans.map((span) => wordAt(raw.line, span));
}

/** The strings of JSON form, or null for shell form. */
function jsonSpans(args: Arguments): Span[] | null {
  const text = args.raw.line.text.slice(args.rest);
  if (!isJsonArray(text)) return null;
  if ((JSON.parse(text) as unknown[]).some((item) => typeof item !== 'string')) {
    throw refuse(args, 'takes only strings in its JSON array');
  }
  return splitJson(args.raw.line.text, args.rest);
}

function readFrom(args: Arguments): Instruction {
  const [base, as, name, ...more] = toWords(args, splitAtBlanks(args.raw.line.text, args.rest));
  if (base === undefined) throw refuse(args, 'needs an image');
  if (as === undefined) return { ...args.common, keyword: 'FROM', base, name: null };
  if (name === undefined || more.length > 0 || as.text.toLowerCase() !== 'as') {
    throw refuse(args, 'takes `image` or `image AS name`');
  }
  if (!/^[a-z][a-z0-9-_.]*$/i.test(name.text)) {
    throw invalidDockerfile(args.source, name.range.start, `${name.text} is no name for a stage`);
  }
  return { ...args.common, keyword: 'FROM', base, name };
}

function readCopy(args: Arguments): Instruction {
  const json = jsonSpans(args);
  const words = toWords(args, json ?? splitAtBlanks(args.raw.line.text, args.rest));
  const destination = words.pop();
  if (destination === undefined || words.length === 0) {
    throw refuse(args, 'needs at least one source and a destination');
  }
  const isHeredoc = (word: Word) => json === null && readHeredocOpening(word.text) !== null;
  if (isHeredoc(destination)) throw refuse(args, 'cannot have a heredoc as its destination');
  const from = args.common.flags.findLast((flag) => flag.name === 'from');
  return {
    ...args.common,
    keyword: args.keyword as 'COPY' | 'ADD',
    sources: words.filter((word) => !isHeredoc(word)),
    destination,
    heredocs: args.raw.heredocs,
    jsonForm: json !== null,
    from: from?.value ? args.resolveFrom(from.value, from.range.start) : null,
  };
}

function commandOf(args: Arguments): Command {
  const json = jsonSpans(args);
  return json === null
    ? { form: 'shell', text: textOf(args) }
    : { form: 'exec', argv: json.map((span) => span.text) };
}

function readRun(args: Arguments): Instruction {
  const mounts = readMounts(args.common.flags, args.resolveFrom);
  return { ...args.common, keyword: 'RUN', command: commandOf(args), mounts, heredocs: args.raw.heredocs };
}

function readCommandInstruction(args: Arguments): Instruction {
  return { ...args.common, keyword: args.keyword as 'CMD' | 'ENTRYPOINT', command: commandOf(args) };
}

function readShell(args: Arguments): Instruction {
  const command = commandOf(args);
  if (command.form !== 'exec') throw refuse(args, 'needs a JSON array');
  return { ...args.common, keyword: 'SHELL', argv: command.argv };
}

/** `name=value ...`, or the old form `name value`, distinguished by the first word, as Docker does. */
function readPairs(args: Arguments): Instruction {
  const { text } = args.raw.line;
  const words = splitQuoted(text, args.rest, args.escapeToken);
  const [first] = words;
  if (first === undefined) throw refuse(args, 'needs a name and a value');
  const keyword = args.keyword as 'ENV' | 'LABEL';
  if (!first.text.includes('=')) {
    const name = splitAtBlanks(text, args.rest)[0] as Span;
    const value = text.slice(skipBlanks(text, name.end)).trimEnd();
    if (value === '') throw refuse(args, 'needs a name and a value');
    return { ...args.common, keyword, pairs: [{ name: name.text, value }] };
  }
  return { ...args.common, keyword, pairs: words.map((word) => readPair(args, word)) };
}

function readPair(args: Arguments, word: Span): NameValue {
  const equals = word.text.indexOf('=');
  if (equals <= 0) {
    const offset = sourceOffset(args.raw.line, word.start);
    throw invalidDockerfile(args.source, offset, `${args.keyword} needs name=value, not ${word.text}`);
  }
  return { name: word.text.slice(0, equals), value: word.text.slice(equals + 1) };
}

function readArg(args: Arguments): Instruction {
  const words = splitQuoted(args.raw.line.text, args.rest, args.escapeToken);
  if (words.length === 0) throw refuse(args, 'needs a name');
  const definitions = words.map((word) => {
    const equals = word.text.indexOf('=');
    if (equals === 0) throw refuse(args, 'needs a name');
    return equals < 0
      ? { name: word.text, value: null }
      : { name: word.text.slice(0, equals), value: word.text.slice(equals + 1) };
  });
  return { ...args.common, keyword: 'ARG', definitions };
}

function readWords(args: Arguments): Instruction {
  const json = args.keyword === 'VOLUME' ? jsonSpans(args) : null;
  const words = toWords(args, json ?? splitAtBlanks(args.raw.line.text, args.rest));
  if (words.length === 0) throw refuse(args, 'needs at least one argument');
  return { ...args.common, keyword: args.keyword as 'EXPOSE' | 'VOLUME', words };
}

function readText(args: Arguments): Instruction {
  const text = textOf(args);
  if (text === '') throw refuse(args, 'needs an argument');
  return { ...args.common, keyword: args.keyword as 'USER', text };
}
