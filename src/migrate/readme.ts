import { README } from '../catalog/entry-files.ts';
import { type MarkdownLine, markdownLines } from '../entry/markdown-lines.ts';
import { applySplices, type Splice } from '../kraftfile/splice-entry.ts';
import { append } from '../shared/append.ts';
import { UserError } from '../shared/failure.ts';
import { asUnikraftRun, withErofsOption, withImageOption } from './cloud-command.ts';
import { commandsIn } from './commands.ts';
import type { Form } from './form.ts';
import { migrateKraftfile } from './kraftfile.ts';

/** A README in the words of another form. */
export type MigratedReadme = {
  readonly text: string;
  /** Commands that stay as they are, with reasons; the first line of the README is line 1. */
  readonly left: readonly { readonly line: number; readonly why: string }[];
};

/**
 * Changes what a README says of the form: Kraftfiles that it quotes, `spec: v0.6` in its sentences, and commands.
 * @param name the name of the entry's directory
 */
export function migrateReadme(text: string, to: Form, name: string): MigratedReadme {
  const splices: Splice[] = [];
  const left: { line: number; why: string }[] = [];
  // a README that shows the new command beside the old needs no third
  const isCloudOnly = !/^\s*(?:\$\s+)?unikraft (?:build|run)\s/m.test(text);
  const lines = [...markdownLines(text)];
  for (const block of blocksOf(lines)) {
    const quoted = quotedKraftfile(text, block, to);
    if (quoted !== null) {
      append(splices, quoted);
      continue;
    }
    for (const { text: command, range } of commandsIn(text, block)) {
      const rewritten =
        to === 'erofs'
          ? withErofsOption(command)
          : (withImageOption(command) ?? (isCloudOnly ? asUnikraftRun(command, name) : null));
      if (rewritten === null) continue;
      if ('why' in rewritten)
        left.push({ line: text.slice(0, range.start).split('\n').length, why: rewritten.why });
      else splices.push({ range, replacement: inTheWayOf(text, range.start, rewritten.text) });
    }
  }
  if (to === 'v0.7') append(splices, sentenceSplices(lines));
  return { text: applySplices(text, splices), left };
}

/** Lines of a rewritten command, as far in as the first, with the line ends of the text. */
function inTheWayOf(text: string, at: number, command: string): string {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const indent = /^[ \t]*/.exec(text.slice(start, at))?.[0] ?? '';
  return command.replace(/\n/g, `${text.includes('\r\n') ? '\r\n' : '\n'}${indent}`);
}

function blocksOf(lines: readonly MarkdownLine[]): MarkdownLine[][] {
  const blocks: MarkdownLine[][] = [];
  let isOpen = false;
  for (const line of lines) {
    if (line.kind !== 'code') isOpen = false;
    else if (isOpen) blocks.at(-1)?.push(line);
    else {
      blocks.push([line]);
      isOpen = true;
    }
  }
  return blocks;
}

/** The changes of a block that quotes a Kraftfile; null for any other block. */
function quotedKraftfile(text: string, block: readonly MarkdownLine[], to: Form): Splice[] | null {
  const [first, last] = [block[0], block.at(-1)];
  const starts = block.find((line) => !/^\s*(?:#|$)/.test(line.text))?.text ?? '';
  if (first === undefined || last === undefined || !/^spec(?:ification)?:\s/.test(starts)) return null;
  const quoted = block.map((line) => line.text).join('\n');
  // a block in a list has its lines further in than the text of the Kraftfile
  if (block.some((line) => line.end - line.start !== line.text.length)) return [];
  try {
    const migrated = migrateKraftfile({ file: README, text: quoted }, to);
    if ('kept' in migrated || migrated.text === quoted) return [];
    const newLine = text.slice(first.start, last.next).includes('\r\n') ? '\r\n' : '\n';
    const range = { start: first.start, end: last.end };
    return [{ range, replacement: migrated.text.replaceAll('\n', newLine) }];
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}

/** In a sentence about `spec: v0.6` or about `type: erofs`. */
function sentenceSplices(lines: readonly MarkdownLine[]): Splice[] {
  return lines.flatMap(({ kind, text, start, end }): Splice[] => {
    if (kind !== 'text') return [];
    const hasSpec = /`spec: v?0\.6`/.test(text);
    const changed = (hasSpec ? text.replace(/(`(?:spec: )?v?)0\.6`/g, '$10.7`') : text).replace(
      /`type: (erofs|cpio)`/g,
      '`format: $1`',
    );
    return changed === text ? [] : [{ range: { start, end }, replacement: changed }];
  });
}
