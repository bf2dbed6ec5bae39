import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { outsideCode } from '../markdown.ts';
import { type SourceText, sourceTexts } from './source-texts.ts';
import { NAMES_OUT, WORDS_OUT, type WordOut } from './words-out.ts';

/** A word that is out, where it stands, and what to write instead. */
export type Finding = { readonly place: string; readonly found: string; readonly instead: string };

/** Findings by place of counting: a document, or a folder with a kind of text, as in `src/slim comments`. */
export type Findings = ReadonlyMap<string, readonly Finding[]>;

/** The longest line of a comment, in columns: the width that the formatter keeps for code. */
const COMMENT_COLUMNS = 120;

/** Looks through documents, templates, and the folders of `src` and `test` of a clone. */
export function findWordsOut(root: string): Findings {
  const found = new Map<string, Finding[]>();
  const keep = (key: string, findings: readonly Finding[]) => {
    if (findings.length > 0) found.set(key, [...(found.get(key) ?? []), ...findings]);
  };
  for (const file of documentsOf(root)) keep(file, inDocument(file, readFileSync(join(root, file), 'utf8')));
  for (const file of sourcesOf(root)) {
    const source = readFileSync(join(root, file), 'utf8');
    const folder = file.split('/').slice(0, -1).slice(0, 2).join('/');
    const { comments, strings, names } = sourceTexts(source);
    keep(`${folder} comments`, [...inTexts(file, comments, WORDS_OUT), ...longComments(file, source)]);
    keep(`${folder} strings`, inTexts(file, strings, WORDS_OUT));
    keep(`${folder} names`, inTexts(file, names, NAMES_OUT));
  }
  return found;
}

/** Words of a Markdown document or a template that are out; code in it is no prose. */
export function inDocument(file: string, text: string): Finding[] {
  let fence: string | null = null;
  const lines = text.split('\n').map((line, index) => {
    const mark = /^\s*(```+|~~~+)/.exec(line)?.[1];
    if (mark !== undefined && (fence === null || fence === mark)) fence = fence === null ? mark : null;
    return { line: index + 1, text: fence === null ? outsideCode(line) : '' };
  });
  return inTexts(file, lines, WORDS_OUT);
}

/** Words of texts that are out. */
export function inTexts(file: string, texts: readonly SourceText[], words: readonly WordOut[]): Finding[] {
  return texts.flatMap(({ line, text }) => {
    const read = text.replaceAll(/\s+/g, ' ');
    return words.flatMap(({ out, instead }) =>
      [...read.matchAll(new RegExp(out, out.flags.includes('g') ? out.flags : `${out.flags}g`))].map(
        ([found]) => ({ place: `${file}:${line}`, found, instead }),
      ),
    );
  });
}

function longComments(file: string, source: string): Finding[] {
  return source
    .split('\n')
    .flatMap((line, index) =>
      /^\s*(\/\/|\*|\/\*)/.test(line) && line.length > COMMENT_COLUMNS && !/https?:/.test(line)
        ? [{ place: `${file}:${index + 1}`, found: `${line.length} columns`, instead: 'a line break' }]
        : [],
    );
}

function documentsOf(root: string): string[] {
  const in_ = (folder: string) => readdirSync(join(root, folder)).map((name) => join(folder, name));
  return [...in_(''), ...in_('docs'), ...in_('templates')].filter((name) => /\.(md|hbs)$/.test(name)).sort();
}

function sourcesOf(root: string): string[] {
  return ['src', 'test']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
        join(folder, name),
      ),
    )
    .filter((name) => name.endsWith('.ts') && !NOT_PROSE.test(name))
    .sort();
}

/** The list of words names them. */
const NOT_PROSE = /^test\/(support\/english|words\/plain-english|.*\/corpus)/;
