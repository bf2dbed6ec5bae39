/**
 * What git needs to find itself and its settings, with its messages in one language; no more, since simple-git refuses
 * variables that name programs.
 */
export function gitEnvironment(): Record<string, string> {
  const names = ['PATH', 'HOME', 'XDG_CONFIG_HOME', 'USERPROFILE', 'SystemRoot'];
  const own = names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []));
  return { ...Object.fromEntries(own), LC_ALL: 'C' };
}
