import type { HttpProbe } from './probe.ts';

/**
 * The first of the words that is a URL of the app, with the port of the app behind the one that it names. Where it
 * names none of this machine, and the app has but one, it is that: authors forget it.
 */
export function askedUrl(
  words: readonly string[],
  guestPorts: ReadonlyMap<number, number>,
): Pick<HttpProbe, 'port' | 'tls' | 'path'> | undefined {
  for (const word of words) {
    const url = urlOf(word);
    const port = url === undefined ? undefined : (guestPorts.get(portOf(url)) ?? onlyPort(url, guestPorts));
    if (url === undefined || port === undefined) continue;
    return { port, tls: url.protocol === 'https:', path: `${url.pathname}${url.search}` };
  }
  return undefined;
}

function urlOf(word: string): URL | undefined {
  try {
    return new URL(/^https?:\/\//.test(word) ? word : `http://${word}`);
  } catch {
    return undefined;
  }
}

function onlyPort({ hostname, port }: URL, guestPorts: ReadonlyMap<number, number>): number | undefined {
  const isUnnamed = port === '' && ['localhost', '127.0.0.1'].includes(hostname);
  return isUnnamed && guestPorts.size === 1 ? [...guestPorts.values()][0] : undefined;
}

function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

/** Headers as they are given to curl and wget, `Name: value`, by their names in lower case. */
export function namedHeaders(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    if (!line.includes(':')) continue;
    headers[line.slice(0, line.indexOf(':')).trim().toLowerCase()] = line.slice(line.indexOf(':') + 1).trim();
  }
  return headers;
}
