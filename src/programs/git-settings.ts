/**
 * Settings that stand over every file of git's configuration, so that no file that git reads starts a program of its
 * author (git-config(1), "CONFIGURATION FILE"). An empty value clears a list or names no program.
 */
const ALWAYS = [
  // a bare repository that an entry holds is never found by looking for one
  'safe.bareRepository=explicit',
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.pager=cat',
  'core.editor=true',
  'sequence.editor=true',
  'core.alternateRefsCommand=',
  'diff.external=',
  'protocol.ext.allow=never',
  'submodule.recurse=false',
  // no work of git's own goes on in the background
  'gc.auto=0',
  'maintenance.auto=false',
];

/** A call that only works on this machine needs no login; `push` keeps the user's own ways of logging in. */
const LOCAL = ['core.askPass=', 'core.sshCommand=ssh', 'credential.helper=', 'commit.gpgSign=false'];

export function gitSettings(call: 'local' | 'push'): string[] {
  return call === 'local' ? [...ALWAYS, ...LOCAL] : ALWAYS;
}

/** What a driver of a section may name, and the value with which git runs nothing. */
const DRIVER_KEYS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  filter: { clean: '', smudge: '', process: '', required: 'false' },
  diff: { command: '', textconv: '' },
  merge: { driver: '' },
};

/** Names of drivers may hold `=` and line breaks, which `-c` cannot carry; variables can. */
export type DriverSettings = Readonly<Record<string, string>>;

/**
 * `GIT_CONFIG_*` variables that take the programs from every driver among keys of the configuration: attributes,
 * which a catalog writes, choose drivers by name, and the user's own configuration may define them.
 */
export function withoutDrivers(keys: readonly string[]): DriverSettings {
  const cleared = new Map<string, string>();
  for (const key of keys) {
    const [, section = '', name] = /^(filter|diff|merge)\.([\s\S]+)\.[^.]+$/.exec(key) ?? [];
    if (name === undefined) continue;
    for (const [last, value] of Object.entries(DRIVER_KEYS[section] ?? {})) {
      cleared.set(`${section}.${name}.${last}`, value);
    }
  }
  const pairs = [...cleared].flatMap(([key, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, key],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(cleared.size), ...Object.fromEntries(pairs) };
}
