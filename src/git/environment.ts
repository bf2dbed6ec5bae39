/** What git needs to find itself and its settings; no more, since simple-git refuses variables that name programs. */
export function environment(): Record<string, string> {
  const names = ['PATH', 'HOME', 'XDG_CONFIG_HOME', 'USERPROFILE', 'SystemRoot'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
