import type { KraftRun } from '../entry/kraft-run.ts';
import type { ReadmeCommand } from '../entry/readme.ts';
import { type ReadmeRun, readmeRunOf } from '../entry/readme-runs.ts';
import { namesCloudApp } from './asked-url.ts';
import { curlProbe } from './curl.ts';
import { talkProbe } from './line-talk.ts';
import { lookupProbe } from './name-lookup.ts';
import type { Probe } from './probe.ts';
import { redisProbe } from './redis-cli.ts';
import { mysqlProbe, psqlProbe } from './sql-clients.ts';
import { wgetProbe } from './wget.ts';
import { DEFAULT_LIMITS, USUAL, type Workload, type WorkloadLimits } from './workload.ts';

/** The probe of a line that uses the app; undefined where it asks no port of it, or in a way that is not known. */
type ReadTool = (command: ReadmeCommand, guestPorts: ReadonlyMap<number, number>) => Probe | undefined;

/** The programs whose lines use an app. */
const TOOLS: ReadonlyMap<string, ReadTool> = new Map<string, ReadTool>([
  ['curl', curlProbe],
  ['wget', wgetProbe],
  ['nc', talkProbe],
  ['telnet', talkProbe],
  ['redis-cli', redisProbe],
  ['mysql', mysqlProbe],
  ['mariadb', mysqlProbe],
  ['mysqladmin', mysqlProbe],
  ['mariadb-admin', mysqlProbe],
  ['psql', psqlProbe],
]);

/** Those whose lines ask an app over UDP. */
const UDP_TOOLS: ReadonlyMap<string, ReadTool> = new Map<string, ReadTool>([
  ['dig', lookupProbe],
  ['nslookup', lookupProbe],
  ['host', lookupProbe],
]);

/** The ports of a run, the host's port first. */
type RunPorts = { readonly tcp: ReadonlyMap<number, number>; readonly udp: ReadonlyMap<number, number> };

function portsOf(run: KraftRun | undefined): RunPorts {
  const mapped = (ports: KraftRun['ports'] = []) => new Map(ports.map(({ host, guest }) => [host, guest]));
  return { tcp: mapped(run?.ports), udp: mapped(run?.udpPorts) };
}

function probeOf(command: ReadmeCommand, { tcp, udp }: RunPorts): Probe | undefined {
  const tool = command.words[0] ?? '';
  return UDP_TOOLS.get(tool)?.(command, udp) ?? TOOLS.get(tool)?.(command, tcp);
}

/**
 * The workload that an entry's README describes for a Kraftfile: the ports and the memory of its `kraft run`, a
 * probe for each line that uses the app after it, and the text shown below as what is expected. An app without
 * ports runs once, and what it prints is the probe.
 * @param kraftfileName see `readmeRunOf`.
 */
export function workloadFromReadme(markdown: string, kraftfileName?: string): Workload {
  return workloadOfRun(readmeRunOf(markdown, kraftfileName));
}

/** The workload of one run of a README; of none where the README has no run. */
export function workloadOfRun(described: ReadmeRun | undefined): Workload {
  const mapped = portsOf(described?.run);
  const ports = [...new Set(mapped.tcp.values())];
  const udpPorts = [...new Set(mapped.udp.values())];
  const usual = { ...USUAL, ports, udpPorts, limits: limitsOf(described?.run) };
  if (described === undefined || ports.length + udpPorts.length === 0)
    return { ...usual, ...onceRun(described) };
  const probes = described.commands.flatMap((command) => probeOf(command, mapped) ?? []);
  if (probes.length > 0) return { ...usual, source: 'readme', probes };
  if (ports.length === 0) return { ...usual, source: 'derived', probes: [LASTS] };
  const connections = ports.map((port): Probe => ({ kind: 'tcp', port, send: '', expect: null }));
  return { ...usual, source: 'derived', probes: connections };
}

/** The least that a server does of which a README shows no use: it stays. */
const LASTS: Probe = { kind: 'output', ends: false, expect: null, expectExitCode: null };

/** A word that names the reader's own machine. */
const OWN_MACHINE = /(?:^|[@/=])(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?:$|[:/])/;

/** The programs whose lines run an app. */
const RUNNERS = new Set(['kraft', 'unikraft']);

/** The lines of a run that ask the app for something, and of which no probe is made. */
export function unreadLines(described: ReadmeRun | undefined): string[] {
  const mapped = portsOf(described?.run);
  return (described?.commands ?? [])
    .filter(({ words: [tool = '', ...words] }) => !RUNNERS.has(tool) && words.some(namesApp))
    .filter((command) => probeOf(command, mapped) === undefined)
    .map(({ words }) => words.join(' '));
}

function namesApp(word: string): boolean {
  return OWN_MACHINE.test(word) || namesCloudApp(word);
}

/** A container needs more than its program: below that an engine may refuse, or kill what is no fault of the app. */
const LEAST_MEMORY = 64 * 1024 ** 2;

/** An app gets the memory that Unikraft would give it. */
function limitsOf(run: KraftRun | undefined): WorkloadLimits {
  if (run === undefined || run.memoryBytes === null) return DEFAULT_LIMITS;
  return { ...DEFAULT_LIMITS, memoryBytes: Math.max(run.memoryBytes, LEAST_MEMORY) };
}

function onceRun(described: ReadmeRun | undefined): Pick<Workload, 'source' | 'probes'> {
  const shown = described?.commands.find(
    ({ words, expected }) => words[0] === 'kraft' && words[1] === 'run' && expected !== null,
  );
  return {
    // what a cloud's command prints is not the app's, and an app without a port may well run on there
    source: described === undefined || described.run.cloud !== null ? 'derived' : 'readme',
    probes: [{ kind: 'output', ends: true, expect: shown?.expected ?? null, expectExitCode: null }],
  };
}
