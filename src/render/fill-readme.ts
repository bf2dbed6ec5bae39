import { holdsCommand } from '../entry/readme.ts';
import { readReadmeBlocks } from '../entry/readme-blocks.ts';
import type { Size } from '../image/rootfs.ts';
import { mistakesError, type SourceFile } from '../shared/diagnostic.ts';
import { nearestMatch } from '../shared/nearest-match.ts';
import { fencedBlock } from '../words/markdown.ts';
import { maskTimes } from '../workload/volatile.ts';

/** What a README may show of a result. */
export type ReadmeFacts = {
  /** null where there is nothing to compare with. */
  readonly before: Size | null;
  readonly after: Size;
  readonly memory: { readonly suggestedMiB: number };
  /** What the first probe was answered; null where that is no text. */
  readonly output: string | null;
};

export type FilledReadme = {
  readonly text: string;
  /** Why blocks were left as they are, a sentence each. */
  readonly left: readonly string[];
};

/** What one kind of block shows. */
type BlockWriter = {
  /** The lines between the markers; null where there is nothing to show. */
  readonly write: (facts: ReadmeFacts) => readonly string[] | null;
  /** Whether what stands there says the same, so that it stays: figures of two builds differ by a little. */
  readonly saysTheSame: (before: string, after: string) => boolean;
};

/** The blocks that there are, by name. */
const WRITERS: Readonly<Record<string, BlockWriter>> = {
  sizes: { write: sizeLines, saysTheSame: isAboutEqual },
  memory: {
    write: ({ memory: { suggestedMiB } }) => [`Run it with \`-M ${suggestedMiB}M\`.`],
    saysTheSame: Object.is,
  },
  'expected-output': {
    write: ({ output }) => outputLines(output),
    saysTheSame: (before, after) => maskTimes(before) === maskTimes(after),
  },
};

/**
 * A README with its blocks filled in; all that is outside of them stays as it is, and so does a block that says the
 * same already.
 * @throws UserError `config-invalid` where a marker lacks its other half.
 */
export function fillReadme(source: SourceFile, facts: ReadmeFacts): FilledReadme {
  const { blocks, diagnostics } = readReadmeBlocks(source.text);
  if (diagnostics.length > 0) throw mistakesError('config-invalid', [{ source, diagnostics }]);
  const left: string[] = [];
  let { text } = source;
  for (const { name, inside } of [...blocks].reverse()) {
    const writer = Object.hasOwn(WRITERS, name) ? WRITERS[name] : undefined;
    const lines = writer?.write(facts) ?? null;
    if (writer === undefined || lines === null) {
      left.unshift(writer === undefined ? unknownBlock(name) : `the block ${name} has nothing to show`);
      continue;
    }
    const written = lines.map((line) => `${line}\n`).join('');
    const before = text.slice(inside.start, inside.end).replaceAll('\r\n', '\n');
    if (writer.saysTheSame(before, written)) continue;
    const lineEnd = text.slice(0, inside.start).endsWith('\r\n') ? '\r\n' : '\n';
    text = text.slice(0, inside.start) + written.replaceAll('\n', lineEnd) + text.slice(inside.end);
  }
  return { text, left };
}

function unknownBlock(name: string): string {
  const nearest = nearestMatch(name, Object.keys(WRITERS));
  const instead =
    nearest === undefined ? `known are ${Object.keys(WRITERS).join(', ')}` : `did you mean ${nearest}?`;
  return `the block ${name} is not known: ${instead}`;
}

function sizeLines({ before, after }: ReadmeFacts): string[] {
  const row = (name: string, { files, bytes }: Size) => `| ${name} | ${files} | ${sizeText(bytes)} |`;
  return [
    '| Root file system | Files | Size |',
    '|-|-:|-:|',
    ...(before === null ? [] : [row('As the build stage leaves it', before)]),
    row('As it is run', after),
  ];
}

function sizeText(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Two builds of one Dockerfile differ in logs and caches. */
const TOLERANCE = 0.01;

/** Whether two texts differ in nothing but numbers, and in these by no more than one in a hundred. */
function isAboutEqual(before: string, after: string): boolean {
  const number = /\d+(?:\.\d+)?/g;
  if (before.replace(number, '0') !== after.replace(number, '0')) return false;
  const numbersOf = (text: string) => (text.match(number) ?? []).map(Number);
  const [old, now] = [numbersOf(before), numbersOf(after)];
  return now.every((value, at) => Math.abs(value - (old[at] ?? 0)) <= value * TOLERANCE);
}

/** A longer text does not help the reader of a README. */
const MAX_OUTPUT_LINES = 60;

function outputLines(output: string | null): string[] | null {
  const lines = (output ?? '')
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => line.trimEnd());
  const isText = !/[^\P{Cc}\t\n\r]/u.test(output ?? '');
  if (lines.join('') === '' || lines.length > MAX_OUTPUT_LINES || !isText) return null;
  return holdsCommand(output ?? '') ? null : fencedBlock(lines, 'text').split('\n');
}
