/** The port that a client uses by default. */
const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  'redis-cli': 6379,
  mysql: 3306,
  mariadb: 3306,
  psql: 5432,
};

/** The flag that gives a client its port. */
const PORT_FLAGS: Readonly<Record<string, string>> = {
  'redis-cli': '-p',
  mysql: '-P',
  mariadb: '-P',
  psql: '-p',
};

const HERE = ['localhost', '127.0.0.1', '0.0.0.0'];

/**
 * The port of this machine that a command asks; undefined where it asks none, or another machine. Words that are no
 * client, and ways to name a port that are not known, give none: better too few than wrong ones.
 */
export function askedPort(words: readonly string[]): number | undefined {
  const [tool = '', ...rest] = words;
  if (tool === 'curl' || tool === 'wget') return rest.map(portOfUrl).find((port) => port !== undefined);
  if (tool === 'nc' || tool === 'telnet') {
    const host = rest.findIndex((word) => HERE.includes(word));
    const port = host < 0 ? undefined : rest[host + 1];
    return port !== undefined && /^\d+$/.test(port) ? Number(port) : undefined;
  }
  const flag = Object.hasOwn(PORT_FLAGS, tool) ? PORT_FLAGS[tool] : undefined;
  if (flag === undefined || !isHere(rest)) return undefined;
  const at = rest.indexOf(flag);
  return at < 0 ? DEFAULT_PORTS[tool] : numberOf(rest[at + 1]);
}

function isHere(words: readonly string[]): boolean {
  const at = words.indexOf('-h');
  const hasOtherForm = words.some((word) => /^--(?:host|port|protocol)|^-[hpP]\S|:\/\//.test(word));
  return !hasOtherForm && (at < 0 || HERE.includes(words[at + 1] ?? ''));
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

function portOfUrl(word: string): number | undefined {
  const [, scheme, port] =
    /^(?:(https?):\/\/)?(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?::(\d+))?(?:[/?#]|$)/.exec(word) ?? [];
  if (port !== undefined) return Number(port);
  return scheme === undefined ? undefined : scheme === 'https' ? 443 : 80;
}
