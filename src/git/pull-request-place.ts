/** Where a pull request goes, in the words of gh. */
export type PullRequestPlace = {
  /** `HOST/OWNER/REPOSITORY`. */
  readonly repository: string;
  /** Who has the branch, where that is another than who gets the pull request; else null. */
  readonly headOwner: string | null;
};

type Remotes = {
  /** Keys and values of `remote.*` settings, in the order of the configuration. */
  readonly settings: readonly (readonly [key: string, value: string])[];
  /** The remote that branches are pushed to. */
  readonly pushed: string;
};

/**
 * The repository that gets a pull request, as gh decides it in a clone: what `gh repo set-default` has noted, else
 * the remote `upstream`, else the remote that is pushed to. null where that is no repository of a GitHub host.
 */
export function pullRequestPlace({ settings, pushed }: Remotes): PullRequestPlace | null {
  const settingOf = (key: string) => settings.findLast(([name]) => name === key)?.[1];
  const head = repositoryOf(settingOf(`remote.${pushed}.url`) ?? '');
  const [key, noted] = settings.find(([name]) => name.endsWith('.gh-resolved')) ?? [];
  const resolved = key?.replace(/^remote\./, '').replace(/\.gh-resolved$/, '');
  const url = settingOf(`remote.${resolved ?? 'upstream'}.url`);
  const base =
    noted === undefined || noted === 'base'
      ? repositoryOf(url ?? '')
      : withHost(noted, repositoryOf(url ?? ''));
  const place = base ?? head;
  if (place === null) return null;
  const isSame = head === null || place.owner === head.owner;
  return {
    repository: `${place.host}/${place.owner}/${place.name}`,
    headOwner: isSame ? null : head.owner,
  };
}

type GitHubRepository = { readonly host: string; readonly owner: string; readonly name: string };

/** Of `https://github.com/o/r.git`, `ssh://git@github.com/o/r` and `git@github.com:o/r.git`. */
function repositoryOf(url: string): GitHubRepository | null {
  const way =
    /^(?:https?|ssh|git|git\+ssh):\/\/(?:[^@/]*@)?([^/:]+)(?::\d+)?\/([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(
      url,
    ) ?? /^(?:[\w.-]+@)?([\w.-]+):\/?([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(url);
  const [, host, owner, name] = way ?? [];
  return host === undefined || owner === undefined || name === undefined ? null : { host, owner, name };
}

/** `OWNER/REPOSITORY`, as gh notes it, on the host of its remote. */
function withHost(noted: string, remote: GitHubRepository | null): GitHubRepository | null {
  const [, owner, name] = /^([\w.-]+)\/([\w.-]+)$/.exec(noted) ?? [];
  return owner === undefined || name === undefined
    ? null
    : { host: remote?.host ?? 'github.com', owner, name };
}
