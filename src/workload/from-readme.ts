import { type ReadmeCommand, readKraftRun, readmeCommands } from '../entry/readme.ts';
import { curlProbe } from './curl.ts';
import type { Probe } from './probe.ts';
import { DEFAULT_LIMITS, type Workload } from './workload.ts';

/**
 * The workload that an entry's README describes: the ports of its `kraft run -p`, a probe for each line that
 * uses the app after it, and the text shown below as what is expected. An app without ports runs once, and
 * what it prints is the probe.
 */
export function workloadFromReadme(markdown: string): Workload {
  const commands = readmeCommands(markdown);
  const run = commands.map(({ words }) => readKraftRun(words)).find((found) => found !== undefined);
  const guestPorts = new Map(run?.ports.map(({ host, guest }) => [host, guest]));
  const ports = [...new Set(guestPorts.values())];
  if (ports.length === 0) return onceRun(commands, run !== undefined);
  const probes = commands.flatMap((command) => probeOf(command, guestPorts) ?? []);
  if (probes.length > 0) return { source: 'readme', ports, probes, limits: DEFAULT_LIMITS };
  const connections = ports.map((port): Probe => ({ kind: 'tcp', port, send: '', expect: null }));
  return { source: 'derived', ports, probes: connections, limits: DEFAULT_LIMITS };
}

function onceRun(commands: readonly ReadmeCommand[], isDescribed: boolean): Workload {
  const shown = commands.find(
    ({ words, expected }) => readKraftRun(words) !== undefined && expected !== null,
  );
  return {
    source: isDescribed ? 'readme' : 'derived',
    ports: [],
    probes: [{ kind: 'output', expect: shown?.expected ?? null }],
    limits: DEFAULT_LIMITS,
  };
}

function probeOf(command: ReadmeCommand, guestPorts: ReadonlyMap<number, number>): Probe | undefined {
  const [tool] = command.words;
  if (tool === 'curl') return curlProbe(command, guestPorts);
  if (tool === 'nc' || tool === 'telnet') return ncProbe(command, guestPorts);
  return undefined;
}

/** `printf 'PING\r\n' | nc -w 1 localhost 6379`: host and port stand last. */
function ncProbe(
  { words, input, expected }: ReadmeCommand,
  guestPorts: ReadonlyMap<number, number>,
): Probe | undefined {
  const guest = guestPorts.get(Number(words.at(-1)));
  if (guest === undefined) return undefined;
  return { kind: 'tcp', port: guest, send: input === null ? '' : printed(input), expect: expected };
}

/** What `printf FORMAT` and `echo TEXT` write; printf's own directives are not known here. */
function printed([tool, ...words]: readonly string[]): string {
  if (tool === 'echo') return `${words.filter((word) => !/^-[neE]+$/.test(word)).join(' ')}\n`;
  const escapes: Record<string, string> = { r: '\r', n: '\n', t: '\t', '\\': '\\' };
  return (words[0] ?? '').replace(/\\(.)/g, (whole, letter: string) => escapes[letter] ?? whole);
}
