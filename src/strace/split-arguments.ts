const SPACE = 0x20;
const QUOTE = 0x22;
const OPEN_PAREN = 0x28;
const CLOSE_PAREN = 0x29;
const COMMA = 0x2c;
const MINUS = 0x2d;
const LESS = 0x3c;
const GREATER = 0x3e;
const UPPER_D = 0x44;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * The arguments of a call as strace printed them, `AT_FDCWD</srv>`, `"name"`, `{st_mode=...}`: cut at the commas
 * that stand in no string, bracket or descriptor's annotation.
 */
export function splitArguments(args: string): string[] {
  const result: string[] = [];
  let from = 0;
  while (from < args.length) {
    const end = endOfArgument(args, from);
    result.push(args.slice(from, end));
    from = args.charCodeAt(end + 1) === SPACE ? end + 2 : end + 1;
  }
  return result;
}

/** Where the parenthesis closes whose content starts at `from`; -1 where it does not. */
export function closingParenthesis(text: string, from: number): number {
  let at = endOfArgument(text, from);
  while (text.charCodeAt(at) === COMMA) at = endOfArgument(text, at + 1);
  return text.charCodeAt(at) === CLOSE_PAREN ? at : -1;
}

/** The comma or closing bracket that ends the argument at `from`, or the text's length. */
function endOfArgument(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at);
        break;
      case LESS:
        at = endOfAnnotation(text, at);
        break;
      case OPEN_PAREN:
      case OPEN_BRACKET:
      case OPEN_BRACE:
        depth++;
        break;
      case CLOSE_PAREN:
      case CLOSE_BRACKET:
      case CLOSE_BRACE:
        if (depth === 0) return at;
        depth--;
        break;
      case COMMA:
        if (depth === 0) return at;
        break;
    }
  }
  return text.length;
}

/** The closing quote of the string that opens at `open`, or the text's length. */
function endOfString(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at;
  }
  return text.length;
}

/**
 * The `>` of the annotation that opens at `open`, as in `3</etc/passwd>`; `open` itself where the `<` is something
 * else, as in `1<<3`. In names strace escapes both signs; those of `-yy` (`<TCP:[1->2]>`) are stepped over.
 */
function endOfAnnotation(text: string, open: number): number {
  const before = text.charCodeAt(open - 1);
  const annotates = before === UPPER_D || (before >= 0x30 && before <= 0x39);
  if (!annotates || text.charCodeAt(open + 1) === LESS) return open;
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === LESS) depth++;
    else if (code === GREATER && text.charCodeAt(at - 1) !== MINUS && --depth === 0) return at;
  }
  return open;
}
