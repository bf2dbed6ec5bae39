import type { SourceCopy } from '../dockerfile/copied-paths.ts';
import { enteredDirectories } from '../dockerfile/entered-directories.ts';
import { expandStage } from '../dockerfile/expand-stage.ts';
import {
  type CopyInstruction,
  type Dockerfile,
  type Instruction,
  isCopy,
  type Stage,
  type Word,
} from '../dockerfile/model.ts';
import type { LayoutFile } from '../plan/layout.ts';
import type { ImagePath } from '../shared/image-path.ts';
import { blocksOf, type Copying, type CopyView, copiesOf, isLong } from './blocks.ts';
import { workdirWord } from './copy-words.ts';
import { makesForeignDirectories } from './foreign-directories.ts';
import { copyingFrom } from './pruned-stages.ts';
import { type FateRequest, keyOf, type SourceFate, sourceFates } from './source-fates.ts';
import { paragraphsOf } from './stage-paragraphs.ts';
import { loadTemplate } from './template.ts';

export type RewriteRequest = FateRequest & {
  readonly dockerfile: Dockerfile;
  /** The stage whose COPY lines are rewritten. */
  readonly stage: Stage;
  /** The working directory at its end. */
  readonly workdir: ImagePath;
  /** Files that no line of the stage copies, by the `--from` that has them: new lines copy them. */
  readonly added: ReadonlyMap<string, readonly LayoutFile[]>;
  /** Lines that stand before all others, such as the COPY of a staged root. */
  readonly first: readonly string[];
  /** The stage that prunes what a line copies; null where none does. */
  readonly prunedAs: (instruction: CopyInstruction) => string | null;
};

export type RewrittenStage = {
  /** From its FROM on, with line feeds, one at the end. */
  readonly text: string;
  /** How many COPY, ADD and WORKDIR lines it has. */
  readonly lines: number;
  /** How many files they name. */
  readonly files: number;
};

/**
 * A stage of COPY lines with each line cut down to what is kept, in its place: a line that is needed whole stays as
 * it is written, a line that copies nothing any more goes, and a heading goes with the last line below it. All else of
 * the stage stays. null where a line copies several things that cannot be named apart (heredocs), and not all are
 * kept, where a RUN may need or make unknown files, and where directories would get another owner.
 */
export function rewriteStage(request: RewriteRequest): RewrittenStage | null {
  const { dockerfile, stage, first, added, entries } = request;
  if (stage.instructions.some(({ keyword }) => keyword === 'RUN')) return null;
  const isAdded = new Set([...added.values()].flat().map(({ path }) => path));
  const fateOf = sourceFates({ ...request, entries: entries.filter(({ path }) => !isAdded.has(path)) });
  const whole = wholeSources(stage, fateOf);
  const isWhole = (source: SourceCopy) => whole.has(keyOf(source));
  if (makesForeignDirectories({ ...request, isWhole })) return null;
  const written = new Map<Instruction, readonly string[]>();
  let lines = 0;
  let files = 0;
  for (const instruction of stage.instructions) {
    if (isCopy(instruction))
      for (const fate of fatesOf(instruction, fateOf))
        files += fate.files.filter(({ isDirectory }) => !isDirectory).length + (fate.isWhole ? 1 : 0);
    const texts = isCopy(instruction) ? rewriteCopy(instruction, fateOf, request) : [instruction.raw];
    if (texts === null) return null;
    written.set(instruction, texts);
    if (isCopy(instruction) || instruction.keyword === 'WORKDIR') lines += texts.length;
  }
  const [from = [], ...rest] = paragraphsOf(dockerfile, stage, (item) => written.get(item) ?? []);
  const made = directoriesToMake({ ...request, isWhole });
  const last = made.length === 0 ? [] : [['# Directories that have to exist', ...made]];
  const extra = [...added].flatMap(([raw, files]) =>
    blocksOf({ files }, { from: raw, escapeToken: dockerfile.escapeToken }),
  );
  const extraLines = extra.map(({ title, copies }) => [
    `# ${title}`,
    ...copies.map((copy) => copyText(copy, dockerfile)),
  ]);
  const paragraphs = [from, ...(first.length === 0 ? [] : [first]), ...rest, ...extraLines, ...last];
  const count = lines + made.length + extra.reduce((sum, { copies }) => sum + copies.length, 0);
  const text = `${paragraphs.map((item) => item.join('\n')).join('\n\n')}\n`;
  return { text, lines: count, files: files + isAdded.size };
}

type FateOf = (instruction: CopyInstruction, source: number) => SourceFate;

/** The instructions that take the place of a COPY; none where it goes. */
function rewriteCopy(
  copy: CopyInstruction,
  fateOf: FateOf,
  { dockerfile, prunedAs }: Pick<RewriteRequest, 'dockerfile' | 'prunedAs'>,
): readonly string[] | null {
  const fates = fatesOf(copy, fateOf);
  const files = fates.flatMap((fate) => fate.files);
  const apart = copyTexts(files, headOf(dockerfile, copy, 'apart'), dockerfile);
  // no line can copy the text of a heredoc by another name
  if (fates.slice(copy.sources.length).some((fate) => fate.files.length > 0)) return null;
  const pruned = prunedAs(copy);
  if (fates.every(({ isWhole }) => isWhole))
    return [pruned === null ? copy.raw : copyingFrom(dockerfile, copy, pruned), ...apart];
  if (fates.every(({ isWhole }) => !isWhole)) return apart;
  if (copy.heredocs.length > 0) return null;
  const whole = copy.sources.filter((_, source) => fates[source]?.isWhole);
  return [withSources(dockerfile, copy, whole), ...apart];
}

function fatesOf(copy: CopyInstruction, fateOf: FateOf): SourceFate[] {
  return Array.from({ length: copy.sources.length + copy.heredocs.length }, (_, source) =>
    fateOf(copy, source),
  );
}

/**
 * The keyword and the flags, as they are written. What is copied apart never takes ADD, which would unpack an archive
 * that arrived as a file of a directory.
 */
function headOf(
  { text }: Dockerfile,
  { range, keyword, flags }: CopyInstruction,
  use: 'whole' | 'apart',
): string {
  const written = text.slice(range.start, range.start + keyword.length);
  const word = use === 'whole' ? written : written.replace(/^ADD$/, 'COPY').replace(/^ADD$/i, 'copy');
  return [word, ...flags.map((flag) => text.slice(flag.range.start, flag.range.end))].join(' ');
}

function copyTexts(files: readonly Copying[], head: string, dockerfile: Dockerfile): string[] {
  return copiesOf(files, { head, escapeToken: dockerfile.escapeToken }).map((copy) =>
    copyText(copy, dockerfile),
  );
}

function copyText(copy: CopyView, { escapeToken }: Dockerfile): string {
  const write = loadTemplate<{ continued: string } & CopyView>('copy.hbs');
  return write({ continued: escapeToken, ...copy }).trimEnd();
}

/** An instruction with some of its sources, each as it is written, and with the comments above it. */
function withSources(dockerfile: Dockerfile, copy: CopyInstruction, sources: readonly Word[]): string {
  const { text, escapeToken } = dockerfile;
  const { destination, sources: all, range, jsonForm, raw } = copy;
  const commentsAbove = (word: Word) => {
    const before = all.filter((item) => item.range.end <= word.range.start).at(-1);
    const gap = text.slice(before?.range.end ?? range.start, word.range.start);
    return (gap.match(/^[ \t]*#.*$/gm) ?? []).map((comment) => `${indent}${comment.trim()}`);
  };
  const indent = /\n([ \t]+)\S/.exec(raw)?.[1] ?? '    ';
  const head = headOf(dockerfile, copy, 'whole');
  const words = [...sources, destination];
  const written = words.map(({ range: at }, place) => {
    const word = text.slice(at.start, at.end);
    const isLast = place === words.length - 1;
    return jsonForm ? `${place === 0 ? '[' : ''}${word}${isLast ? ']' : ','}` : word;
  });
  const isShort = !isLong([head, ...written]) && words.every((word) => commentsAbove(word).length === 0);
  if (isShort && (sources.length === 1 || !raw.includes('\n'))) return [head, ...written].join(' ');
  const lines = words.map((word, at) => {
    const line = `${indent}${written[at]}${at === words.length - 1 ? '' : ` ${escapeToken}`}`;
    return [...commentsAbove(word), line].join('\n');
  });
  return [`${head} ${escapeToken}`, ...lines].join('\n');
}

/** The sources that stay as they are written. */
function wholeSources(stage: Stage, fateOf: FateOf): Set<string> {
  const keys = stage.instructions.filter(isCopy).flatMap((instruction) => {
    const fates = fatesOf(instruction, fateOf);
    return fates.flatMap(({ isWhole }, source) => (isWhole ? [keyOf({ instruction, source })] : []));
  });
  return new Set(keys);
}

/**
 * WORKDIR lines for empty directories that no line copies or makes, with a last line that sets the earlier WORKDIR
 * again.
 */
function directoriesToMake(
  request: RewriteRequest & { readonly isWhole: (source: SourceCopy) => boolean },
): string[] {
  const { dockerfile, entries, stage, copied, workdir, isWhole } = request;
  const isCopiedIn = (path: ImagePath) => {
    const found = copied.get(path);
    return found !== undefined && [found, ...found.beneath].some(isWhole);
  };
  const entered = new Set(enteredDirectories(expandStage(dockerfile, stage)).map(({ path }) => path));
  const made = entries.filter(
    ({ path, ...entry }) =>
      entry.type === 'directory' && entry.isEmpty && !isCopiedIn(path) && !entered.has(path),
  );
  if (made.length === 0) return [];
  return [...made.map(({ path }) => path), workdir].map(
    (path) => `WORKDIR ${workdirWord(path, dockerfile.escapeToken)}`,
  );
}
