import { basename } from 'node:path/posix';
import { shellWords } from '../entry/shell-line.ts';

/** Programs that only prepare the program that they run; on Unikraft there is one process, and its user is root. */
const HELPERS: Readonly<Record<string, (args: readonly string[]) => readonly string[]>> = {
  tini: afterOptions,
  'docker-init': afterOptions,
  'dumb-init': afterOptions,
  gosu: (args) => args.slice(1),
  'su-exec': (args) => args.slice(1),
  setpriv: afterOptions,
  env: (args) => args.slice(args.findIndex((word) => !/^-|=/.test(word))),
};

/** The command behind `tini --`, `gosu redis` and their like. */
export function withoutHelpers(argv: readonly string[]): readonly string[] {
  let words = argv;
  for (;;) {
    const [program = '', ...args] = words;
    const skip = HELPERS[basename(program)];
    if (skip === undefined) return words;
    words = skip(args);
  }
}

/** What follows the options, those with a value by `=` included. */
function afterOptions(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  if (end >= 0) return args.slice(end + 1);
  const first = args.findIndex((word) => !word.startsWith('-'));
  return first < 0 ? [] : args.slice(first);
}

/** `exec "$@"`, `exec redis-server "$@"`, `exec gosu redis "$@"`: the last thing that an entrypoint script does. */
const LAST_EXEC = /^[ \t]*exec[ \t]+((?:[^\s"'`$\\;&|<>()]+[ \t]+)*)"\$@"[ \t]*$/gm;

/** `set -- redis-server "$@"`, where the first argument is an option. */
const SET_PROGRAM = /^[ \t]*set[ \t]+--[ \t]+((?:[^\s"'`$\\;&|<>()]+[ \t]+)+)"\$@"[ \t]*$/m;

/**
 * The command that a script in the style of Docker's official images runs in the end for its arguments: it prepares,
 * then execs them. The preparations are ignored: a run shows whether the program works without them. Undefined for
 * any other script.
 */
export function entrypointCommand(script: string, args: readonly string[]): readonly string[] | undefined {
  const last = [...script.matchAll(LAST_EXEC)].at(-1)?.[1];
  if (last === undefined) return undefined;
  const isOption = args.length === 0 || args[0]?.startsWith('-');
  const program = isOption ? (SET_PROGRAM.exec(script)?.[1] ?? '') : '';
  const argv = withoutHelpers([...shellWords(last), ...shellWords(program), ...args]);
  return argv.length === 0 ? undefined : argv;
}

/** What a shell does more than run one program with its words. */
const SHELL_SYNTAX = /[;&|<>()$`*?[\]{}~\n]|^\s*(?:if|for|while|case|cd|export|source|\.)\s/;

/** The command of `sh -c 'exec prog a b'`, the shell form of CMD; undefined where it is no single command. */
export function shellCommand(argv: readonly string[]): readonly string[] | undefined {
  const [program = '', option = '', text = '', ...more] = argv;
  const isShell = /^(?:ba|da|a)?sh$/.test(basename(program)) && /^-[a-z]*c$/.test(option);
  if (!isShell || more.length > 0 || SHELL_SYNTAX.test(text)) return undefined;
  const words = shellWords(text);
  return words[0] === 'exec' ? words.slice(1) : words;
}
