/** How a client program is given what to reach. */
export type ClientSyntax = {
  readonly defaultPort: number;
  readonly host: readonly string[];
  readonly port: readonly string[];
  /** Options whose word after them may be a URL, beside the words that are no option. */
  readonly url: readonly string[];
  /** Other options that have a value in the next word. */
  readonly valued: readonly string[];
  /** Letters of options without a value, which may stand before another in one word: `-tAc`. */
  readonly letters: string;
  /** Whether all is the command from the first word on that is no option. */
  readonly stopsAtCommand: boolean;
};

/** A client's words without those that say what is reached. */
type Reached = {
  readonly port: number | null;
  readonly url: string | null;
  /** The options that are given, without their values. */
  readonly flags: readonly string[];
  readonly options: readonly string[];
  readonly rest: readonly string[];
};

const SCHEME = /^(?:rediss?|postgres(?:ql)?|mysql|mariadb):\/\//;

/** Words that only a shell understands. */
const SHELL_WORD = /^(?:\d?[<>].*|&&?|\|\||;|.*;)$/;

/** A client's command line for the app. */
export type ClientWords = {
  readonly command: readonly string[];
  /** The options in it, without their values; several letters in one word count separately. */
  readonly flags: readonly string[];
  /** What in it is no option. */
  readonly rest: readonly string[];
};

/**
 * Words of a client as a README has them, changed to reach the app's port over loopback instead of what they name,
 * with its options before the rest; undefined where that is no port of the app, or more than one command.
 */
export function clientWords(
  words: readonly string[],
  syntax: ClientSyntax,
  guestPorts: ReadonlyMap<number, number>,
): ClientWords | undefined {
  const [tool = '', ...given] = words;
  if (given.some((word) => SHELL_WORD.test(word) && !/\s/.test(word))) return undefined;
  const reached = withoutTarget(given, syntax);
  const named = reached.url === null ? reached.port : portOfUrl(reached.url);
  const guest = guestPorts.get(named ?? syntax.defaultPort);
  if (guest === undefined) return undefined;
  const { flags, options, rest } = reached;
  const target =
    reached.url === null ? targetWords(guest, syntax) : [...urlFlag(syntax), rewritten(reached.url, guest)];
  return { command: [tool, ...target, ...options, ...rest], flags, rest };
}

function withoutTarget(given: readonly string[], syntax: ClientSyntax): Reached {
  const flags: string[] = [];
  const options: string[] = [];
  const rest: string[] = [];
  let port: number | null = null;
  let url: string | null = null;
  for (let at = 0; at < given.length; at += 1) {
    const word = given[at] ?? '';
    const { flag, value, ownWord } = optionAt(given, at, syntax);
    const takesNext = ownWord && value !== null;
    if (flag !== '') flags.push(flag);
    if (syntax.port.includes(flag)) port = Number(value);
    else if (syntax.url.includes(flag) && SCHEME.test(value ?? '')) url = value;
    else if (flag === '' && SCHEME.test(word)) url = word;
    else if (flag === '') {
      if (syntax.stopsAtCommand) return { port, url, flags, options, rest: given.slice(at) };
      rest.push(word);
    } else if (!syntax.host.includes(flag)) options.push(word, ...(takesNext ? [value] : []));
    if (takesNext) at += 1;
  }
  return { port, url, flags, options, rest };
}

type Option = { readonly flag: string; readonly value: string | null; readonly ownWord: boolean };

/** An option and its value: `--port=1`, `-p1` or the next word; the flag is empty where the word is none. */
function optionAt(given: readonly string[], at: number, syntax: ClientSyntax): Option {
  const word = given[at] ?? '';
  if (!/^-./.test(word)) return { flag: '', value: null, ownWord: false };
  const [, long, assigned] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? [];
  if (long !== undefined) return { flag: long, value: assigned ?? '', ownWord: false };
  const valued = [...syntax.host, ...syntax.port, ...syntax.url, ...syntax.valued];
  if (valued.includes(word)) return { flag: word, value: given[at + 1] ?? '', ownWord: true };
  // letters without a value, then one with its value
  const [, letter = '', value = ''] =
    new RegExp(`^-[${syntax.letters}]*([A-Za-z])(.*)$`, 's').exec(word) ?? [];
  if (!valued.includes(`-${letter}`)) return { flag: word, value: null, ownWord: false };
  if (value !== '') return { flag: `-${letter}`, value, ownWord: false };
  return { flag: `-${letter}`, value: given[at + 1] ?? '', ownWord: true };
}

function targetWords(guest: number, syntax: ClientSyntax): string[] {
  const [host = '', port = ''] = [syntax.host[0], syntax.port[0]];
  return [host, '127.0.0.1', ...(guest === syntax.defaultPort ? [] : [port, String(guest)])];
}

function urlFlag({ url }: ClientSyntax): readonly string[] {
  return url.slice(0, 1);
}

function portOfUrl(url: string): number | null {
  const port = URL.canParse(url) ? new URL(url).port : '';
  return port === '' ? null : Number(port);
}

function rewritten(text: string, guest: number): string {
  const [, scheme, user = '', path = ''] = /^(\w+:\/\/)([^/@]*@)?[^/]*(.*)$/s.exec(text) ?? [];
  return `${scheme}${user}127.0.0.1:${guest}${path}`;
}
