import { trustedSearchPath } from './search-path.ts';

type Environment = Readonly<Record<string, string>>;

/** What a program of this machine gets from the tool. No value of it comes from files of a catalog. */
export type ProgramTerms = {
  /**
   * Where it starts: `neutral` is `/`, which no catalog writes; `catalog-top` is the top of the catalog's work tree.
   */
  readonly directory: 'neutral' | 'catalog-top';
  /** Which variables of the user's environment it sees. `PATH` always passes `trustedSearchPath`. */
  readonly environment: readonly string[] | 'all-but-git';
  /** Which settings decide what it does, for people. */
  readonly configuration: string;
};

/** Every program that the tool starts; `src/programs` alone starts programs. */
export const PROGRAMS = {
  git: {
    directory: 'catalog-top',
    environment: ['PATH', 'HOME', 'XDG_CONFIG_HOME', 'USERPROFILE', 'SystemRoot', 'TMPDIR'],
    configuration:
      "the user's and the machine's, then the top's .git/config, then `git-settings.ts` over all",
  },
  'git push': {
    directory: 'catalog-top',
    environment: [
      ...['PATH', 'HOME', 'XDG_CONFIG_HOME', 'USERPROFILE', 'SystemRoot', 'TMPDIR', 'SSH_AUTH_SOCK'],
      ...['HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy'],
    ],
    configuration: "as git, with the user's own credential helpers and ssh command",
  },
  gh: {
    directory: 'neutral',
    environment: 'all-but-git',
    configuration:
      "the user's ~/.config/gh; `--repo` names the repository, so gh reads no repository's config",
  },
  'docker-credential': {
    directory: 'neutral',
    environment: 'all-but-git',
    configuration: "the user's own; the docker client's config.json names the helper",
  },
} as const satisfies Readonly<Record<string, ProgramTerms>>;

export type ProgramName = keyof typeof PROGRAMS;

/** Variables that send git elsewhere or name programs for it, and gh's own choice of a repository. */
const STEERING = /^(?:GIT_.*|GH_REPO|EDITOR|VISUAL|PAGER|GH_PAGER|GH_EDITOR|SSH_ASKPASS|PWD|OLDPWD)$/;

/** The environment of a program, of which nothing lies below `catalog`. */
export function environmentOf(program: ProgramName, catalog: string | null = null): Environment {
  const { environment } = PROGRAMS[program];
  const isPassed = (name: string) =>
    environment === 'all-but-git' ? !STEERING.test(name) : (environment as readonly string[]).includes(name);
  const passed = Object.entries(process.env).filter(
    (variable): variable is [string, string] => isPassed(variable[0]) && Boolean(variable[1]),
  );
  return { ...Object.fromEntries(passed), PATH: trustedSearchPath(process.env.PATH ?? '', catalog) };
}
