/**
 * What `printf FORMAT WORD...` and `echo WORD...` write, as GNU coreutils and bash do, printf(1) and echo(1);
 * undefined where that is no text in UTF-8, or a word of the line is not known here: bytes that differ from the
 * README's own would make another question of it.
 */
export function printedBy([tool, ...words]: readonly string[]): string | undefined {
  const bytes = tool === 'echo' ? echoed(words) : tool === 'printf' ? formatted(words) : undefined;
  return bytes === undefined ? undefined : textOf(bytes);
}

/** Bytes as latin1, so that an escape can stand for half a character; `stops` is what `\c` asks for. */
type Unescaped = { readonly bytes: string; readonly stops: boolean };

function textOf(bytes: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(bytes, 'latin1'));
  } catch {
    return undefined;
  }
}

const bytesOf = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

/** Options count before the first word that is none, and none is known by its letters alone. */
function echoed(words: readonly string[]): string | undefined {
  const first = words.findIndex((word) => !/^-[neE]+$/.test(word));
  const end = first < 0 ? words.length : first;
  const letters = words.slice(0, end).join('');
  const text = words.slice(end).join(' ');
  const escapes = letters.lastIndexOf('e') > letters.lastIndexOf('E');
  // bash prints \101 as it stands, coreutils prints an A
  if (escapes && /\\[1-7]/.test(text)) return undefined;
  const { bytes, stops } = escapes ? unescaped(text, 'argument') : { bytes: bytesOf(text), stops: false };
  return letters.includes('n') || stops ? bytes : `${bytes}\n`;
}

const SIMPLE: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/**
 * `\NNN` in a format, `\0NNN` too in the argument of `%b` and of `echo -e`; `\xHH`, `\uHHHH` and `\UHHHHHHHH` in
 * both.
 */
const ESCAPES = {
  format: /\\(?:([0-7]{1,3})|x([\da-fA-F]{1,2})|u([\da-fA-F]{1,4})|U([\da-fA-F]{1,8})|(.))/gsu,
  argument:
    /\\(?:(0[0-7]{0,3}|[1-7][0-7]{0,2})|x([\da-fA-F]{1,2})|u([\da-fA-F]{1,4})|U([\da-fA-F]{1,8})|(.))/gsu,
} as const;

function unescaped(text: string, where: keyof typeof ESCAPES): Unescaped {
  const bytes: string[] = [];
  let at = 0;
  for (const found of text.matchAll(ESCAPES[where])) {
    const [whole, octal, hex, short, long, letter] = found;
    bytes.push(bytesOf(text.slice(at, found.index)));
    if (letter === 'c') return { bytes: bytes.join(''), stops: true };
    bytes.push(escapeOf({ whole, octal, hex, point: short ?? long, letter }));
    at = found.index + whole.length;
  }
  bytes.push(bytesOf(text.slice(at)));
  return { bytes: bytes.join(''), stops: false };
}

type Escape = {
  readonly whole: string;
  readonly octal: string | undefined;
  readonly hex: string | undefined;
  readonly point: string | undefined;
  readonly letter: string | undefined;
};

function escapeOf({ whole, octal, hex, point, letter = '' }: Escape): string {
  if (octal !== undefined) return String.fromCharCode(Number.parseInt(`0${octal}`, 8) & 0xff);
  if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
  if (point !== undefined) {
    const number = Number.parseInt(point, 16);
    return number > 0x10_ffff ? bytesOf(whole) : bytesOf(String.fromCodePoint(number));
  }
  return SIMPLE[letter] ?? bytesOf(letter === '"' ? letter : whole);
}

/** One directive: flags, width and precision as digits, and the conversions that print words and whole numbers. */
const DIRECTIVE = /^%([-+ #0]*)(\d*)(?:\.(\d*))?([sbcdiuoxX])$/;

/** The parts of a format: `%%`, a directive, known or not, and the text between. */
const PARTS = /%%|%[^%a-zA-Z]*[a-zA-Z]?|[^%]+/g;

/** More than this no README prints; a width or a repetition beyond it is a mistake. */
const MAX_BYTES = 1024 ** 2;

/** The format is used again until all words are printed. Undefined where it holds what is not known here. */
function formatted([format, ...words]: readonly string[]): string | undefined {
  if (format === undefined || (format.startsWith('-') && format.length > 1)) return undefined;
  let printed = '';
  let rest: readonly string[] = words;
  do {
    const round = formatOnce(format, rest);
    if (round === undefined || printed.length + round.bytes.length > MAX_BYTES) return undefined;
    printed += round.bytes;
    if (round.stops || round.rest.length === rest.length) return printed;
    rest = round.rest;
  } while (rest.length > 0);
  return printed;
}

function formatOnce(
  format: string,
  words: readonly string[],
): (Unescaped & { readonly rest: readonly string[] }) | undefined {
  let bytes = '';
  let rest = words;
  for (const part of format.match(PARTS) ?? []) {
    const written = part.startsWith('%') ? directive(part, rest[0] ?? '') : unescaped(part, 'format');
    if (written === undefined) return undefined;
    if (part.startsWith('%') && part !== '%%') rest = rest.slice(1);
    bytes += written.bytes;
    if (written.stops) return { bytes, stops: true, rest: [] };
  }
  return { bytes, stops: false, rest };
}

function directive(part: string, word: string): Unescaped | undefined {
  if (part === '%%') return { bytes: '%', stops: false };
  const [, flags, digits = '', precision, conversion] = DIRECTIVE.exec(part) ?? [];
  const width = Number(digits);
  if (flags === undefined || conversion === undefined || width > MAX_BYTES) return undefined;
  const converted = convert(word, { flags, precision, conversion });
  if (converted === undefined) return undefined;
  return { ...converted, bytes: padded(converted.bytes, { flags, width, conversion }) };
}

type Conversion = {
  readonly flags: string;
  readonly precision: string | undefined;
  readonly conversion: string;
};

function convert(word: string, { flags, precision, conversion }: Conversion): Unescaped | undefined {
  const shown = (bytes: string): Unescaped => ({ bytes, stops: false });
  if (conversion === 's' || conversion === 'b') {
    const { bytes, stops } = conversion === 'b' ? unescaped(word, 'argument') : shown(bytesOf(word));
    return { bytes: precision === undefined ? bytes : bytes.slice(0, Number(precision)), stops };
  }
  if (conversion === 'c') return shown(bytesOf(word).slice(0, 1));
  return /^[-+]?(?:0|[1-9]\d{0,14})$/.test(word) || word === ''
    ? wholeNumber(Number(word), { flags, precision, conversion })
    : undefined;
}

/** Flags and precisions of numbers are rare in a README: without them alone a number is known. */
function wholeNumber(value: number, { flags, precision, conversion }: Conversion): Unescaped | undefined {
  if (precision !== undefined || /[+ #]/.test(flags)) return undefined;
  const base = { o: 8, x: 16, X: 16 }[conversion] ?? 10;
  if (value < 0 && (base !== 10 || conversion === 'u')) return undefined;
  const digits = value.toString(base);
  return { bytes: conversion === 'X' ? digits.toUpperCase() : digits, stops: false };
}

function padded(
  bytes: string,
  { flags, width, conversion }: { flags: string; width: number; conversion: string },
): string {
  if (flags.includes('-')) return bytes.padEnd(width, ' ');
  if (!flags.includes('0') || 'sbc'.includes(conversion)) return bytes.padStart(width, ' ');
  return bytes.startsWith('-') ? `-${bytes.slice(1).padStart(width - 1, '0')}` : bytes.padStart(width, '0');
}
