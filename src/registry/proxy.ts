import { BlockList, isIP } from 'node:net';
import { readDockerConfig } from '../docker-config/docker-config.ts';
import { asMap, asText } from '../shared/json-value.ts';

/** By which proxy servers are reached; empty for none. */
export type ProxySettings = {
  readonly http: string;
  readonly https: string;
  /** Hosts that are reached without, separated by commas. */
  readonly no: string;
};

/**
 * The proxies of the environment (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`, in small letters as well); each that it does
 * not set is the default one of Docker's `config.json`.
 * https://docs.docker.com/engine/cli/proxy/
 */
export async function readProxySettings(env: NodeJS.ProcessEnv = process.env): Promise<ProxySettings> {
  const config = asMap(asMap((await readDockerConfig()).proxies).default);
  const setting = (name: string, key: string) => env[name] ?? env[name.toLowerCase()] ?? asText(config[key]);
  return {
    http: setting('HTTP_PROXY', 'httpProxy'),
    https: setting('HTTPS_PROXY', 'httpsProxy'),
    no: setting('NO_PROXY', 'noProxy'),
  };
}

/**
 * The proxy for a URL, by the rules of Go's golang.org/x/net/http/httpproxy, which Docker uses; null for none. A
 * request to this machine never uses a proxy.
 */
export function proxyFor(url: URL, settings: ProxySettings): string | null {
  const proxy = url.protocol === 'https:' ? settings.https : settings.http;
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (proxy === '' || isLoopback(host)) return null;
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const rules = settings.no.split(/[\s,]+/).filter((rule) => rule !== '');
  if (rules.some((rule) => isMeant(rule.toLowerCase(), host, port))) return null;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

/** Whether a host is this machine itself. */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' || host.endsWith('.localhost') || inSubnet(host, '127.0.0.0/8') || host === '::1'
  );
}

/** `*`, an address, a range of addresses, a name with all below it, or with a dot before it only those below it. */
function isMeant(rule: string, host: string, port: string): boolean {
  if (rule === '*') return true;
  if (rule.includes('/')) return inSubnet(host, rule);
  const [, name = rule, only] =
    /^(?:\[(?=.*\]))?(.*?)\]?(?::(\d+))?$/.exec(isIP(rule) === 6 ? `[${rule}]` : rule) ?? [];
  if (only !== undefined && only !== port) return false;
  if (isIP(name) !== 0) return host === name;
  const domain = name.replace(/^\*/, '');
  return domain.startsWith('.') ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`);
}

/** Whether a host is an address of a range such as `10.0.0.0/8`; false where either is something else. */
export function inSubnet(host: string, subnet: string): boolean {
  const [network = '', bits = ''] = subnet.split('/');
  const family = (text: string) => (isIP(text) === 6 ? 'ipv6' : 'ipv4');
  if (isIP(host) === 0 || isIP(network) === 0 || !/^\d+$/.test(bits)) return false;
  if (Number(bits) > (isIP(network) === 6 ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family(network));
  return list.check(host, family(host));
}
