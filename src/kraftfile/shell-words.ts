export type ShellWords = { readonly words: readonly string[] } | { readonly mistake: string };

/** What one step of splitting adds, and how many characters it took. */
type Step = { readonly text: string; readonly length: number };

/**
 * Splits a command line as v0.7 does it with a `cmd` given as one text (mvdan.cc/sh, shell.Fields, with no variable
 * set): quotes, backslashes, and `$X` that becomes empty. What a shell would do besides is refused, since a list
 * says it better.
 */
export function splitShellWords(line: string): ShellWords {
  const words: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < line.length; ) {
    if (/[ \t\r\n]/.test(line.charAt(at))) {
      if (word !== null) words.push(word);
      word = null;
      at += 1;
      continue;
    }
    if (word === null && line.charAt(at) === '#') break;
    const step = stepAt(line, at);
    if (typeof step === 'string') return { mistake: step };
    const isVariable = line.charAt(at) === '$';
    if (!isVariable || step.text !== '') word = (word ?? '') + step.text;
    at += step.length;
  }
  if (word !== null) words.push(word);
  return { words };
}

function stepAt(line: string, at: number): Step | string {
  const char = line.charAt(at);
  if (char === "'") return singleQuoted(line, at);
  if (char === '"') return doubleQuoted(line, at);
  if (char === '\\') return escaped(line, at);
  if (char === '$') return variable(line, at);
  if (/[`;&|<>()]/.test(char) || isChoice(line, at)) {
    return `the shell's ${char} cannot stand in a cmd: write it as a list`;
  }
  return { text: char, length: 1 };
}

/** Whether a brace opens a choice, `{a,b}` or `{1..3}`. */
function isChoice(line: string, at: number): boolean {
  if (line[at] !== '{') return false;
  const end = line.slice(at + 1).search(/[{}]/) + at + 1;
  return line[end] === '}' && /,|\.\./.test(line.slice(at, end));
}

function singleQuoted(line: string, at: number): Step | string {
  const end = line.indexOf("'", at + 1);
  return end === -1 ? "a ' is not closed" : { text: line.slice(at + 1, end), length: end + 1 - at };
}

/** Within double quotes a backslash counts before `$`, a backquote, `"`, `\` and a line end only: POSIX, 2.2.3. */
function doubleQuoted(line: string, at: number): Step | string {
  let text = '';
  for (let next = at + 1; next < line.length; ) {
    const char = line.charAt(next);
    if (char === '"') return { text, length: next + 1 - at };
    if (char === '`') return "the shell's ` cannot stand in a cmd: write it as a list";
    const following = line.charAt(next + 1);
    if (char === '\\' && following !== '' && '$`"\\\n'.includes(following)) {
      text += following === '\n' ? '' : following;
      next += 2;
    } else if (char === '$') {
      const step = variable(line, next);
      if (typeof step === 'string') return step;
      text += step.text;
      next += step.length;
    } else {
      text += char;
      next += 1;
    }
  }
  return 'a " is not closed';
}

function escaped(line: string, at: number): Step {
  const next = line.charAt(at + 1);
  return { text: next === '\n' ? '' : next, length: 2 };
}

function variable(line: string, at: number): Step | string {
  const found = /^\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\})/.exec(line.slice(at))?.[0];
  if (found !== undefined) return { text: '', length: found.length };
  if (/^\$[({]/.test(line.slice(at))) return "the shell's $ cannot stand in a cmd: write it as a list";
  return { text: '$', length: 1 };
}
