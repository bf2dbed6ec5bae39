import { append } from '../shared/append.ts';

/** What a wrapper script runs in the end, and what it exports on the way. */
export type WrappedCommand = {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
};

export type WrapperLaunch = {
  /** The arguments that the script is started with. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
};

const IGNORED = /^(?:#.*|set\s+[-+][\w\s]+)?$/;
const EXPORT = /^export((?:\s+[A-Za-z_]\w*)+)$/;
const ASSIGNMENT = /^(export\s+)?([A-Za-z_]\w*)=("[^"`\\]*"|'[^']*'|[^\s"'`\\]*)$/;
const EXEC = /^exec((?:\s+(?:"[^"`\\]*"|'[^']*'|[^\s"'`\\;&|<>()*?[\]~{}]+|\$\{\w+\}))+)$/;
const WORD = /"[^"]*"|'[^']*'|\S+/g;

/**
 * Reads a shell script that only sets variables and then execs: what it runs for a launch, POSIX 2.14.
 * Undefined for any script that does more, since its effect cannot be known.
 */
export function wrappedCommand(text: string, { args, env }: WrapperLaunch): WrappedCommand | undefined {
  const variables = new Map(Object.entries(env));
  const exported = new Set<string>();
  for (const line of text.split('\n').map((raw) => raw.trim())) {
    if (IGNORED.test(line)) continue;
    const names = EXPORT.exec(line)?.[1];
    const [, exports, name, written] = ASSIGNMENT.exec(line) ?? [];
    const words = EXEC.exec(line)?.[1]?.match(WORD);
    if (names !== undefined) {
      for (const variable of names.trim().split(/\s+/)) exported.add(variable);
    } else if (name !== undefined) {
      const value = expand(written ?? '', variables);
      if (value === undefined) return undefined;
      variables.set(name, value);
      if (exports !== undefined) exported.add(name);
    } else if (words) return command(words, { args, variables, exported });
    else return undefined;
  }
  return undefined;
}

type Shell = {
  readonly args: readonly string[];
  readonly variables: ReadonlyMap<string, string>;
  readonly exported: ReadonlySet<string>;
};

function command(words: readonly string[], { args, variables, exported }: Shell): WrappedCommand | undefined {
  const argv: string[] = [];
  for (const word of words) {
    if (word === '"$@"') append(argv, args);
    else {
      const text = expand(word, variables);
      if (text === undefined) return undefined;
      argv.push(text);
    }
  }
  const env = [...exported].flatMap((name) => {
    const value = variables.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  return { argv, env: Object.fromEntries(env) };
}

/** A word without its quotes, `$X`, `${X}`, `${X-d}` and `${X:-d}` replaced; undefined for any other expansion. */
function expand(word: string, variables: ReadonlyMap<string, string>): string | undefined {
  if (word.startsWith("'")) return word.slice(1, -1);
  const inner = word.startsWith('"') ? word.slice(1, -1) : word;
  const replaced = inner.replace(
    /\$(?:\{(\w+)(?:(:?)-([^}$]*))?\}|([A-Za-z_]\w*))/g,
    (_, braced, colon, fallback, plain) => {
      const value = variables.get(braced ?? plain);
      return value === undefined || (colon === ':' && value === '') ? (fallback ?? '') : value;
    },
  );
  return /\$/.test(inner.replace(/\$(?:\{\w+(?::?-[^}$]*)?\}|[A-Za-z_]\w*)/g, '')) ? undefined : replaced;
}
