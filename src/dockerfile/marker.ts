import { createHash } from 'node:crypto';
import type { TextRange } from '../shared/diagnostic.ts';
import { PROMISES, type Promised } from '../shared/promises.ts';
import { rootListHash } from './root-list.ts';

/** How small the search has made the result: part of the JSON contract, docs/schemas/result-1.json. */
export const MINIMALITIES = ['none', 'budget', '1-minimal'] as const;
export type Minimality = (typeof MINIMALITIES)[number];

/** What a later run must know of the run that wrote a stage. */
export type MarkerFields = {
  /** Name or number of the stage that `before` is measured from; null where there is no such stage. */
  readonly before: string | null;
  readonly minimal: Minimality;
  /** What the stage holds; null where a version of the tool wrote it that knew no promises. */
  readonly promise: Promised | null;
  /** The hash of the root list that the stage is assembled from; null where it is not. */
  readonly list: string | null;
};

/** A marker that was found in a Dockerfile. */
export type Marker = {
  /** null where the marker's own text is damaged, or of a version that is not known. */
  readonly fields: MarkerFields | null;
  /**
   * Whether the stage below was rewritten where it stood, so that it holds its author's lines; most damaged markers
   * still show this.
   */
  readonly isInPlace: boolean;
  /** Whether the stage below, its root list and the marker itself are as they were written. */
  readonly intact: boolean;
  /** Whether the text above the marker is as it was when the stage was written. */
  readonly aboveUnchanged: boolean;
  /** From the marker's line to the end of the text. */
  readonly stageRange: TextRange;
  /** The text above the marker. */
  readonly above: string;
  /** The text below the marker's line. */
  readonly stage: string;
};

const VERSION = '1';
/** Of a SHA-256, in hexadecimal digits: enough to notice a change, short enough for one line. */
const HASH_LENGTH = 16;
/** Not a comment that silences a check. */
const MARKER_LINE = /^# kraft-slim: (?!ignore=)(.*)$/gm;
const FIELDS =
  /^v=1 before=([a-z0-9-_.]+) minimal=(\S+)(?: promise=(\S+))?(?: list=([0-9a-f]+))? above=([0-9a-f]+) stage=([0-9a-f]+)$/;

/**
 * The marker comment for a generated stage, with its line break; it belongs between `above` and `stage`:
 *
 *     # kraft-slim: v=1 before=build minimal=none promise=app above=0123456789abcdef stage=0123456789abcdef
 *
 * `above` is all the text before it, `stage` all the text after it; `list=` stands before them where there is a root
 * list. Line ends do not count in the hashes, so that a checkout with CRLF is still unchanged.
 */
export function writeMarker(above: string, stage: string, fields: MarkerFields): string {
  const list = fields.list === null ? '' : ` list=${fields.list}`;
  const promise = fields.promise === null ? '' : ` promise=${fields.promise}`;
  const said = `before=${fields.before ?? '-'} minimal=${fields.minimal}${promise}${list}`;
  const head = `v=${VERSION} ${said} above=${hashOf(above)}`;
  return `# kraft-slim: ${head} stage=${hashOf(`${head}\n${stage}`)}\n`;
}

/** The last marker of a Dockerfile, or null. `rootList` is the text of the list beside it, null where none is there. */
export function readMarker(text: string, rootList: string | null = null): Marker | null {
  const line = [...text.matchAll(MARKER_LINE)].at(-1);
  if (line === undefined) return null;
  const above = text.slice(0, line.index);
  const written = (line[1] as string).trimEnd();
  const [, before = '', minimal = '', promise = null, list = null, aboveHash, stageHash] =
    FIELDS.exec(written) ?? [];
  const rest = text.slice(line.index + line[0].length).replace(/^\r?\n/, '');
  const head = written.slice(0, written.lastIndexOf(' stage='));
  const isKnown =
    (MINIMALITIES as readonly string[]).includes(minimal) &&
    (promise === null || (PROMISES as readonly string[]).includes(promise));
  const isListed = list === null || (rootList !== null && rootListHash(rootList) === list);
  return {
    fields: isKnown
      ? {
          before: before === '-' ? null : before,
          minimal: minimal as Minimality,
          promise: promise as Promised | null,
          list,
        }
      : null,
    isInPlace: /(^|\s)before=-(\s|$)/.test(written),
    intact: isKnown && stageHash === hashOf(`${head}\n${rest}`) && isListed,
    aboveUnchanged: aboveHash === hashOf(above),
    stageRange: { start: line.index, end: text.length },
    above,
    stage: rest,
  };
}

function hashOf(text: string): string {
  const lines = text.replaceAll('\r\n', '\n');
  return createHash('sha256').update(lines).digest('hex').slice(0, HASH_LENGTH);
}
