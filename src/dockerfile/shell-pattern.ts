/**
 * The patterns of `${X#p}`, `${X%p}` and `${X/p/r}`: `*`, `?` and a backslash, no brackets, as in BuildKit's
 * frontend/dockerfile/shell (POSIX.1-2017, Shell Command Language 2.6.2 and 2.13).
 */

/** `${value#pattern}`; a pattern that begins with another `#` takes the longest match. */
export function removePrefix(value: string, pattern: string): string {
  const greedy = pattern.startsWith('#');
  const match = new RegExp(`^(?:${toRegExp(greedy ? pattern.slice(1) : pattern, greedy)})`, 's').exec(value);
  return match === null ? value : value.slice(match[0].length);
}

/** `${value%pattern}`; a pattern that begins with another `%` takes the longest match. */
export function removeSuffix(value: string, pattern: string): string {
  const greedy = pattern.startsWith('%');
  const expression = new RegExp(`^(?:${toRegExp(greedy ? pattern.slice(1) : pattern, greedy)})$`, 's');
  const starts = Array.from({ length: value.length + 1 }, (_, index) => index);
  const start = (greedy ? starts : starts.reverse()).find((index) => expression.test(value.slice(index)));
  return start === undefined ? value : value.slice(0, start);
}

/** `${value/pattern/replacement}`: the first match, or all of them. */
export function replacePattern(value: string, pattern: string, replacement: string, all: boolean): string {
  return value.replace(new RegExp(toRegExp(pattern, true), all ? 'gs' : 's'), () => replacement);
}

function toRegExp(pattern: string, greedy: boolean): string {
  return pattern.replace(/\\([\s\S]?)|[\s\S]/g, (token, escaped: string | undefined) => {
    if (token === '*') return greedy ? '.*' : '.*?';
    if (token === '?') return '.';
    return escapeForRegExp(escaped ?? token);
  });
}

function escapeForRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
