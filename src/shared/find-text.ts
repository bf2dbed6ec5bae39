/** From this length on a text is searched for with a table; shorter needles cost little however they repeat. */
const LONG = 64;

/**
 * Where `needle` stands in `text` at `from` or later, -1 where it does not: as `indexOf`, but in time linear in both
 * also where they repeat themselves (Knuth, Morris, Pratt, SIAM Journal on Computing 6/2, 1977).
 */
export function findText(text: string, needle: string, from = 0): number {
  if (needle.length < LONG) return text.indexOf(needle, from);
  const borders = bordersOf(needle);
  let matched = 0;
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    while (matched > 0 && needle.charCodeAt(matched) !== code) matched = borders[matched - 1] as number;
    if (needle.charCodeAt(matched) === code) matched += 1;
    if (matched === needle.length) return at - needle.length + 1;
  }
  return -1;
}

/** For each beginning of a text, the length of its longest border: what is its beginning and its end. */
function bordersOf(text: string): Int32Array {
  const borders = new Int32Array(text.length);
  for (let at = 1, length = 0; at < text.length; at += 1) {
    while (length > 0 && text[at] !== text[length]) length = borders[length - 1] as number;
    if (text[at] === text[length]) length += 1;
    borders[at] = length;
  }
  return borders;
}
