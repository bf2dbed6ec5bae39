import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../engine/engine.ts';
import { LIMITS, limitExceeded } from '../shared/limits.ts';
import { timeLimit } from '../shared/time-limit.ts';
import type { HttpProbe, Probe, ProbeContext, TcpProbe } from './probe.ts';
import { ask } from './probe-kinds.ts';
import { type Program, startProgram } from './program.ts';
import type { RunRequest, TakeNetwork } from './run-launch.ts';
import { type Sidecar, type SidecarNetwork, startSidecar } from './sidecar.ts';
import { DEFAULT_LIMITS, USUAL, type Workload, type WorkloadLimits } from './workload.ts';

export type DeriveRequest = Pick<RunRequest, 'image' | 'argv' | 'env' | 'files'> & {
  /** Ports that are said to be the app's, waited for instead of discovered; none where the author names none. */
  readonly ports?: readonly number[];
  readonly limits?: WorkloadLimits;
  readonly network?: SidecarNetwork;
  readonly signal: AbortSignal;
};

/** How long an app whose use is not described is watched for its end or a port. */
const WATCH_MS = 10_000;

/** For so long the set of listening ports has to stay the same. */
const STABLE_MS = 500;
const POLL_MS = 50;

const TOO_MANY = 'cannot test the app: it listens on more than % ports';
const NAME_THEM = 'name the ports that matter under workload in kraft-slim.yaml';

/** How long a port may think before it is taken for one that does not speak a protocol. */
const ANSWER_MS = 5000;

/**
 * The workload of an app whose use is not described, found by starting it once: it runs once, where it
 * ends; its ports are asked over HTTP, where they speak it, else connected to; and where it neither ends
 * nor listens it has to stay alive.
 * @throws StartError where it cannot be started.
 * @throws UserError `limit-exceeded` where it listens on more ports than can be asked.
 */
export async function deriveWorkload(
  engine: Engine,
  request: DeriveRequest,
  takeNetwork: TakeNetwork = (network) => startSidecar(engine, network),
): Promise<Workload> {
  const { image, argv, env, files = [], limits = DEFAULT_LIMITS, ports: said = [], signal } = request;
  signal.throwIfAborted();
  await using sidecar = await takeNetwork(request.network ?? 'none');
  sidecar.expect(1);
  const spec = { image, argv, env, network: sidecar.network, limits };
  await using app = await startProgram(engine, spec, { files, signal });
  const seen = await watch(app, sidecar, request);
  const usual = { ...USUAL, source: 'derived', limits } as const;
  // every run has to report the ports on which nothing listens
  const ports = seen.ports.length > 0 ? seen.ports : said;
  if (ports.length === 0) return { ...usual, ports, probes: [outputProbe(seen.ended)] };
  if (ports.length > LIMITS.portsAsked) throw limitExceeded(TOO_MANY, LIMITS.portsAsked, NAME_THEM);
  const probes: Probe[] = [];
  for (const port of seen.ports) {
    const probe = await probeOf(port, sidecar, signal);
    if (probe !== undefined) probes.push(probe);
  }
  return { ...usual, ports, probes };
}

type Seen = { readonly ended: boolean; readonly ports: readonly number[] };

/** Watches until the program has ended or its ports are known: those that are said, else a set that stays. */
async function watch(
  { exit }: Program,
  sidecar: Sidecar,
  { ports: said = [], limits = DEFAULT_LIMITS, signal }: DeriveRequest,
): Promise<Seen> {
  const begun = performance.now();
  let ended = false;
  const end = exit.then(() => {
    ended = true;
  });
  // the race hears it; a wait that the removal breaks after that is no fault
  end.catch(() => undefined);
  let known: { ports: readonly number[]; since: number } = { ports: [], since: begun };
  for (;;) {
    if (ended) return { ended, ports: [] };
    const listening = [...(await sidecar.listening(signal))].sort((a, b) => a - b);
    const ports = said.length === 0 ? listening : said.filter((port) => listening.includes(port));
    const now = performance.now();
    if (ports.join() !== known.ports.join()) known = { ports, since: now };
    const isWhole = said.length === 0 ? now - known.since >= STABLE_MS : ports.length === said.length;
    const limitMs = said.length > 0 && ports.length === 0 ? limits.readyMs : WATCH_MS;
    if ((ports.length > 0 && isWhole) || now - begun >= limitMs) return { ended, ports };
    await Promise.race([sleep(POLL_MS, undefined, { signal }), end]);
  }
}

function outputProbe(ends: boolean): Probe {
  return { kind: 'output', ends, expect: null, expectExitCode: null };
}

/** GET / where that is answered, else a connection; undefined where the port takes none. */
async function probeOf(port: number, sidecar: Sidecar, signal: AbortSignal): Promise<Probe | undefined> {
  const get = getOf(port);
  const { fault, status, isTooLong } = await askOnce(get, sidecar, signal);
  // the baseline reports the limit
  if (isTooLong === true) return get;
  if (fault === null) {
    const code = Number.parseInt(status ?? '', 10);
    // what is an error elsewhere is what this app says to such a question
    return code < 400 ? get : { ...get, expectStatus: code };
  }
  const connection: TcpProbe = { kind: 'tcp', port, send: '', expect: null };
  return (await askOnce(connection, sidecar, signal)).fault === null ? connection : undefined;
}

function getOf(port: number): HttpProbe {
  return {
    kind: 'http',
    port,
    tls: false,
    method: 'GET',
    path: '/',
    headers: {},
    body: null,
    expectStatus: null,
    expect: null,
    showsHead: false,
    follows: false,
  };
}

async function askOnce(probe: HttpProbe | TcpProbe, sidecar: Sidecar, signal: AbortSignal) {
  const unused = () => Promise.reject(new Error('only connections are made'));
  const context: ProbeContext = {
    connect: (port) => sidecar.connect(port),
    ended: new Promise(() => undefined),
    exceeded: new Promise(() => undefined),
    runClient: unused,
    readFile: unused,
    signal: AbortSignal.any([signal, timeLimit(ANSWER_MS)]),
  };
  const answer = await ask(probe, context);
  signal.throwIfAborted();
  return answer;
}
