/**
 * A text without the given characters at its end. A regular expression such as `/\/+$/` looks at each run of them
 * again from each of its characters; this looks once.
 */
export function withoutTrailing(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1] as string)) end -= 1;
  return text.slice(0, end);
}
