import { dirname } from 'node:path';
import { simpleGit } from 'simple-git';
import { gitSettings, withoutDrivers } from './git-settings.ts';
import { environmentOf } from './table.ts';

export type GitOptions = {
  /** The index to work over, instead of the user's. */
  readonly index?: string;
  /** What the command reads from its standard input. Whatever lists paths or refs is NUL-separated, with `-z`. */
  readonly input?: string | Buffer;
  /** `push` reaches a remote with the user's own login; default `local`. */
  readonly call?: 'local' | 'push';
};

/** Git at the top of a work tree. It starts nowhere else, and no program but git's own. */
export interface Git {
  readonly top: string;
  /** The standard output of a command. @throws Error with git's own message, in English. */
  run(words: readonly string[], options?: GitOptions): Promise<string>;
}

/** Who commits, where the environment says so. */
const IDENTITY = ['GIT_AUTHOR_NAME', 'GIT_AUTHOR_EMAIL', 'GIT_COMMITTER_NAME', 'GIT_COMMITTER_EMAIL'];

/** Commands that never compare or convert a content. For all others every driver loses its programs first. */
const READ_NO_CONTENT: ReadonlySet<string> = new Set([
  ...['check-attr', 'check-ref-format', 'config', 'ls-files', 'ls-tree', 'push', 'rev-parse', 'symbolic-ref'],
  ...['update-ref', 'version'],
]);

/** `top` has to be the top of a work tree that the user made, as `findWorkTree` finds it: git starts there. */
export function gitAt(top: string): Git {
  let drivers: Promise<Readonly<Record<string, string>>> | undefined;
  const start = async (
    words: readonly string[],
    options: GitOptions,
    extra: Readonly<Record<string, string>>,
  ) => {
    const { index, input, call = 'local' } = options;
    const identity = IDENTITY.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []));
    const env: Record<string, string> = {
      ...environmentOf(call === 'push' ? 'git push' : 'git', top),
      ...Object.fromEntries(identity),
      ...extra,
      // git's messages are shown, so they have to be in one language
      LC_ALL: 'C',
      GIT_CEILING_DIRECTORIES: dirname(top),
      GIT_TERMINAL_PROMPT: '0',
      GIT_OPTIONAL_LOCKS: '0',
      ...(index === undefined ? {} : { GIT_INDEX_FILE: index }),
    };
    const git = simpleGit({
      baseDir: top,
      config: gitSettings(call),
      // simple-git refuses these words whatever their value is; here each takes a program away
      unsafe: UNSAFE,
      allowEnvironment: Object.keys(env),
      ...(input === undefined ? {} : { input: () => input }),
    });
    return await git.env(env).raw(['--no-pager', '--literal-pathspecs', ...words]);
  };
  const driversOff = async () => {
    const words = ['config', '-z', '--name-only', '--get-regexp', '^(filter|diff|merge)\\.'];
    // git ends with 1 where nothing matches
    const keys = await start(words, {}, {}).catch(() => '');
    return withoutDrivers(keys.split('\0').filter((key) => key !== ''));
  };
  return {
    top,
    async run(words, options = {}) {
      if (READ_NO_CONTENT.has(words[0] ?? '')) return await start(words, options, {});
      drivers ??= driversOff();
      return await start(words, options, await drivers);
    },
  };
}

const UNSAFE = {
  allowUnsafeAskPass: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeDiffExternal: true,
  allowUnsafeDiffTextConv: true,
  allowUnsafeEditor: true,
  allowUnsafeFilter: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeHooksPath: true,
  allowUnsafeMergeDriver: true,
  allowUnsafePager: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeSshCommand: true,
} as const;
