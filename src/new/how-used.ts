import type { Engine, ImageId } from '../engine/engine.ts';
import { deriveWorkload } from '../workload/discover.ts';
import { AppLimitExceeded } from '../workload/disk-limit.ts';
import type { Answer, Probe } from '../workload/probe.ts';
import { runLaunch } from '../workload/run-launch.ts';
import type { Workload } from '../workload/workload.ts';

/** What a README shows of how an app is used: what is typed, and what comes of it. */
export type Usage = {
  readonly ports: readonly { readonly host: number; readonly guest: number }[];
  /** What the app prints where it runs once; null for a server. */
  readonly prints: string | null;
  readonly commands: readonly { readonly says: string; readonly line: string; readonly shown: string }[];
};

export type UsageRequest = {
  readonly image: ImageId;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Ports that the image says to listen on, which are waited for; where it says nothing they are found. */
  readonly ports: readonly number[];
  /** Whether the image has a program of a name on its PATH. */
  readonly has: (program: string) => boolean;
  readonly signal: AbortSignal;
};

/** A question by which a protocol without HTTP is known, and what a README shows of it. */
type Greeting = {
  readonly send: string;
  readonly known: RegExp;
  readonly commands: (port: number, has: UsageRequest['has']) => Usage['commands'];
};

const GREETINGS: readonly Greeting[] = [
  { send: 'PING\r\n', known: /^\+PONG/, commands: redisCommands },
  {
    send: 'version\r\n',
    known: /^VERSION /,
    commands: (port) => [talk('Print its version', { port, send: 'version', shown: 'VERSION' })],
  },
];

/** How long one that is asked in a protocol that it does not speak may think; it may never answer. */
const GREETING_MS = 10_000;

/**
 * Starts an app and records its output if it ends, else the answers of its ports, by HTTP and by known protocols.
 * For other protocols the author completes the README.
 */
export async function howUsed(engine: Engine, request: UsageRequest): Promise<Usage> {
  const { image, argv, env, ports: said, signal } = request;
  const derived = await deriveWorkload(engine, { image, argv, env, ports: said, signal });
  const run = async (probes: readonly Probe[], limits = derived.limits) => {
    if (probes.length === 0) return [];
    const workload: Workload = { ...derived, probes, limits };
    const seen = await runLaunch(engine, { image, argv, env, workload, clients: image, signal });
    if (seen.exceeded !== undefined) throw new AppLimitExceeded(seen.exceeded);
    return seen.answers;
  };
  const [only] = derived.probes;
  if (derived.ports.length === 0 || only?.kind === 'output') {
    const [seen] = only?.kind === 'output' && only.ends ? await run(derived.probes) : [];
    return { ports: [], prints: seen === undefined ? null : shownOf(seen.answer), commands: [] };
  }
  const ports = mappedPorts(derived.ports);
  const answers = [
    ...(await run(derived.probes.filter(({ kind }) => kind !== 'tcp'))),
    ...(await run(derived.probes.flatMap(greetingsOf), { ...derived.limits, probeMs: GREETING_MS })),
  ];
  const commands = answers.flatMap(({ probe, answer }) => {
    const mapping = ports.find(({ guest }) => 'port' in probe && guest === probe.port);
    return mapping === undefined ? [] : commandsOf(probe, answer, { port: mapping.host, has: request.has });
  });
  return { ports, prints: null, commands };
}

function greetingsOf(probe: Probe): Probe[] {
  return probe.kind === 'tcp' ? GREETINGS.map(({ send }) => ({ ...probe, send })) : [];
}

function commandsOf(
  probe: Probe,
  answer: Answer,
  { port, has }: { port: number; has: UsageRequest['has'] },
): Usage['commands'] {
  if (answer.fault !== null) return [];
  if (probe.kind === 'http') {
    // what is an error is no way to use it
    const status = Number.parseInt(answer.status ?? '', 10);
    const shown = status < 400 ? shownOf(answer) : null;
    return shown === null
      ? []
      : [{ says: 'Send a request with `curl`', line: `curl localhost:${port}`, shown }];
  }
  const greeting = GREETINGS.find(({ send, known }) => {
    return probe.kind === 'tcp' && probe.send === send && known.test(answer.text ?? '');
  });
  return greeting?.commands(port, has) ?? [];
}

function redisCommands(port: number, has: UsageRequest['has']): Usage['commands'] {
  if (!has('redis-cli')) return [talk('Check that it answers', { port, send: 'PING', shown: '+PONG' })];
  const client = `redis-cli -h localhost -p ${port}`;
  return [
    { says: 'Store something with `redis-cli`', line: `${client} set planet venus`, shown: 'OK' },
    { says: 'Then read it', line: `${client} get planet`, shown: 'venus' },
  ];
}

function talk(says: string, { port, send, shown }: { port: number; send: string; shown: string }) {
  return { says, line: `printf '${send}\\r\\n' | nc -w 1 localhost ${port}`, shown };
}

/** More lines than these are cut down to one that says what it is. */
const MAX_LINES = 12;
const MAX_COLUMNS = 120;

/** What a README shows of an answer: all of a short one, else its title or its first line; null for nothing. */
function shownOf({ text }: Answer): string | null {
  const lines = (text ?? '').split('\n').map((line) => line.trimEnd());
  const isPlain = (line: string) =>
    line.length <= MAX_COLUMNS && /^[^\p{C}]*$/u.test(line.replaceAll('\t', ' '));
  const whole = lines.join('\n').trim();
  if (whole === '') return null;
  if (lines.length <= MAX_LINES && lines.every(isPlain)) return whole;
  const title = /<title>[^<\n]{1,100}<\/title>/i.exec(whole)?.[0];
  return title ?? lines.find((line) => line.trim() !== '' && isPlain(line))?.trim() ?? null;
}

/** Ports that only root may have on a machine become 8080 and those after it. */
function mappedPorts(guests: readonly number[]): Usage['ports'] {
  let next = 8080;
  return guests.map((guest) => {
    if (guest >= 1024) return { host: guest, guest };
    while (guests.includes(next)) next += 1;
    next += 1;
    return { host: next - 1, guest };
  });
}
