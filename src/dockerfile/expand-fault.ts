import { ExpansionError, expandWord } from './expand-word.ts';
import { type Dockerfile, flagOf, type Instruction, isCopy } from './model.ts';
import { csvFields } from './run-mount.ts';

/** A word without quotes and escapes; null where it holds a variable, or cannot be expanded. */
export function plainText(word: string, escapeToken: string): string | null {
  if (word.includes('$')) return null;
  try {
    return expandWord(word, { valueOf: () => undefined, escapeToken });
  } catch (error) {
    if (error instanceof ExpansionError) return null;
    throw error;
  }
}

/**
 * Why a word of an instruction cannot be expanded whatever the variables are, as for a quote that is not closed; null
 * where all can. Source: BuildKit, instructions/commands.go, the Expand of each instruction.
 */
export function expandFault(instruction: Instruction, { escapeToken, settings }: Dockerfile): string | null {
  const { buildArgs = {} } = settings;
  // every variable has a value, since the image may set those that the Dockerfile does not
  const options = { valueOf: () => 'x', escapeToken };
  const inline = isCopy(instruction) ? instruction.heredocs.filter(({ quoted }) => !quoted) : [];
  return (
    firstFault(wordsOf(instruction, buildArgs), options) ??
    firstFault(
      inline.map(({ content }) => content),
      { ...options, escapeToken: '\\', quotes: false },
    )
  );
}

function firstFault(words: readonly string[], options: Parameters<typeof expandWord>[1]): string | null {
  for (const word of words) {
    try {
      expandWord(word, options);
    } catch (error) {
      if (error instanceof ExpansionError) return `cannot expand ${word}: ${error.message}`;
      throw error;
    }
  }
  return null;
}

function wordsOf(instruction: Instruction, buildArgs: Readonly<Record<string, string>>): string[] {
  switch (instruction.keyword) {
    case 'ENV':
    case 'LABEL':
      return instruction.pairs.flatMap(({ name, value }) => [name, value]);
    case 'ARG':
      return instruction.definitions.flatMap(({ name, value }) =>
        value === null || Object.hasOwn(buildArgs, name) ? [] : [value],
      );
    case 'WORKDIR':
    case 'USER':
    case 'STOPSIGNAL':
      return [instruction.text];
    case 'EXPOSE':
    case 'VOLUME':
      return instruction.words.map(({ text }) => text);
    case 'COPY':
    case 'ADD': {
      const flags = ['chown', 'chmod', 'checksum'].map((name) => flagOf(instruction, name) ?? '');
      return [...flags, ...instruction.sources.map(({ text }) => text), instruction.destination.text];
    }
    case 'RUN': {
      const mounts = instruction.flags.filter(({ name }) => name === 'mount');
      const fields = mounts.flatMap(({ value }) => csvFields(value ?? ''));
      return fields.flatMap((field) => field.split(/=(.*)/s)[1] ?? []);
    }
    default:
      return [];
  }
}
