import type { HttpProbe } from './probe.ts';

/**
 * The first of the words that is a URL of the app, with the port of the app behind the port that it names. Where it
 * names none of this machine, and the app has but one, it is that: authors forget it. A cloud ends TLS before the app.
 */
export function askedUrl(
  words: readonly string[],
  guestPorts: ReadonlyMap<number, number>,
): Pick<HttpProbe, 'port' | 'tls' | 'path'> | undefined {
  for (const word of words) {
    const url = urlOf(word);
    if (url === undefined || isElsewhere(url)) continue;
    const port = guestPorts.get(portOf(url)) ?? onlyPort(url, guestPorts);
    if (port === undefined) continue;
    return { port, tls: url.protocol === 'https:' && !isOfCloud(url), path: `${url.pathname}${url.search}` };
  }
  return undefined;
}

/** The host of a URL of which a reader has to fill in a part: `<NAME>.<METRO>.unikraft.app`, `$FQDN`. */
const FILLED_IN = /^(https?:\/\/)[^/?#\s:]*(?:<[^<>/\s]+>|\$\w+|\$\{\w+\})[^/?#\s:]*/;
const SOME_HOST = 'some-app.unikraft.app';

/** Hosts that a cloud gives to apps; its own interface is at `api.`. */
const CLOUD_HOST = /^(?!api\.).+\.(?:unikraft\.app|kraft\.host|kraft\.cloud)$/;

function isOfCloud({ hostname }: URL): boolean {
  return CLOUD_HOST.test(hostname);
}

/** Whether a URL is of another site, from which authors load files: the usual port of a domain that is no cloud's. */
function isElsewhere(url: URL): boolean {
  return url.port === '' && /\.[a-z]{2,}$/.test(url.hostname) && !isOfCloud(url);
}

/** Whether a word names an app in a cloud. */
export function namesCloudApp(word: string): boolean {
  const url = urlOf(word);
  return url !== undefined && isOfCloud(url);
}

function urlOf(word: string): URL | undefined {
  const filled = word.replace(FILLED_IN, `$1${SOME_HOST}`);
  try {
    return new URL(/^https?:\/\//.test(filled) ? filled : `http://${filled}`);
  } catch {
    return undefined;
  }
}

function onlyPort(url: URL, guestPorts: ReadonlyMap<number, number>): number | undefined {
  const { hostname, port } = url;
  const isUnnamed = port === '' && (['localhost', '127.0.0.1'].includes(hostname) || isOfCloud(url));
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
