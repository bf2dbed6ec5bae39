import type { EscapeToken } from '../dockerfile/model.ts';
import { UserError } from '../shared/failure.ts';
import { visible } from '../words/visible.ts';

/** Names that mean the same to every builder without quotes: no blank, glob, quote, variable or backslash. */
const PLAIN = /^[\w./@%+=:,~-]+$/;

/**
 * The words of a COPY instruction after its flags, escaped so that exactly these paths are meant. Odd names take the
 * JSON form: a glob character of a source is written as a class with this single member, Go's filepath.Match; then
 * what the builder's own expansion of variables would take, builder/dockerfile/shell of moby; then JSON.
 * @throws UserError `refused` for a name that is not UTF-8, as JSON is.
 */
export function copyWords(
  sources: readonly string[],
  destination: string,
  escapeToken: EscapeToken,
): string[] {
  if ([...sources, destination].every((word) => PLAIN.test(word))) return [...sources, destination];
  for (const path of [...sources, destination])
    if (NOT_UTF8.test(path)) throw notCarried(path, 'is not UTF-8');
  const words = [
    ...sources.map((source) => escapeExpansion(escapeGlob(source), escapeToken)),
    escapeExpansion(destination, escapeToken),
  ];
  const last = words.length - 1;
  return words.map(
    (word, index) => `${index === 0 ? '[' : ''}${JSON.stringify(word)}${index === last ? ']' : ','}`,
  );
}

const NOT_UTF8 = /[\0\p{Cs}]/u;

/** A line of a Dockerfile ends at a line feed, whatever quotes stand around it; none of the others is worth a doubt. */
const NO_LINE = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** The failure of a name that a Dockerfile has no way to write. */
export function notCarried(path: string, why: string): UserError {
  return new UserError('refused', `cannot write ${visible(path)} into the Dockerfile: its name ${why}`, {
    hint: 'give it another name in the image, or drop it in kraft-slim.yaml',
  });
}

/**
 * In a source with a pattern BuildKit takes the names above it as they are, and the classic builder takes none so:
 * there a backslash means a backslash to both only as the single member of a class.
 */
function escapeGlob(path: string): string {
  if (!/[*?[]/.test(path)) return path;
  return path.replace(/[*?[\\]/g, (char) => (char === '\\' ? '[\\\\]' : `[${char}]`));
}

function escapeExpansion(path: string, escapeToken: EscapeToken): string {
  return path.replace(/[\\`"'$]/g, (char) => {
    const isOther = /[\\`]/.test(char) && char !== escapeToken;
    return isOther ? char : `${escapeToken}${char}`;
  });
}

/**
 * A path as the argument of WORKDIR, which takes the whole line for one word, but for the blanks at its end.
 * @throws UserError `refused` for a name that no line can hold.
 */
export function workdirWord(path: string, escapeToken: EscapeToken): string {
  if (NOT_UTF8.test(path)) throw notCarried(path, 'is not UTF-8');
  if (NO_LINE.test(path)) throw notCarried(path, 'contains a line break or another control character');
  return /\s$/.test(path) ? quoted(path, escapeToken) : escapeExpansion(path, escapeToken);
}

/**
 * `NAME=value` of an ENV instruction, quoted where it must be, so that nothing in it is expanded.
 * @throws UserError `refused` for a variable that no line can hold.
 */
export function envWord(name: string, value: string, escapeToken: EscapeToken): string {
  if (!/^[\w.-]+$/.test(name)) throw envNotCarried(name, 'no line can contain its name');
  if (NOT_UTF8.test(value)) throw envNotCarried(name, 'its value is not UTF-8');
  if (NO_LINE.test(value.replaceAll('\t', '')))
    throw envNotCarried(name, 'its value contains a line break or another control character');
  return `${name}=${/^[\w./:@%+=,~-]+$/.test(value) ? value : quoted(value, escapeToken)}`;
}

function envNotCarried(name: string, why: string): UserError {
  return new UserError('refused', `cannot write the variable ${visible(name)} into the Dockerfile: ${why}`, {
    hint: "set it in the Kraftfile's env",
  });
}

function quoted(text: string, escapeToken: EscapeToken): string {
  const escaped = text.replace(/[\\`"$]/g, (char) => {
    const isOther = /[\\`]/.test(char) && char !== escapeToken;
    return isOther ? char : `${escapeToken}${char}`;
  });
  return `"${escaped}"`;
}
