import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { Engine, ImageId } from '../../src/engine/engine.ts';
import type { ProbeContext } from '../../src/workload/probe.ts';
import { httpProbe } from '../../src/workload/probe-http.ts';
import { startProgram } from '../../src/workload/program.ts';
import { startSidecar } from '../../src/workload/sidecar.ts';
import { queryMysql } from './mysql-query.ts';
import { querySql } from './postgres-query.ts';
import type { HttpUse, Use, Uses } from './uses.ts';

const LIMITS = { memoryBytes: 2 * 1024 ** 3, pids: 512 };
const START_MS = 60_000;
const ANSWER_MS = 20_000;
/** A server that answers on a connection that stays open is read until it is quiet for so long. */
const QUIET_MS = 400;
/** A machine with much to do takes time before the first byte. */
const FIRST_BYTE_MS = 4000;
const MYSQL_PORT = 3306;
/** Programs that run once, each in a separate container. */
const RUNS_AT_ONCE = 4;

type RunUse = Extract<Use, { kind: 'run' }>;

/** The image that an entry makes, with what its Kraftfile starts. */
export type Subject = { readonly image: ImageId; readonly argv: readonly string[] };

/** The answers to all uses in their order, of a freshly started app. */
export async function askAll(engine: Engine, subject: Subject, { port, uses }: Uses): Promise<string[]> {
  const answers = new Map<Use, string>();
  const runs = uses.filter((use) => use.kind === 'run');
  const askNext = async () => {
    for (let use = runs.pop(); use !== undefined; use = runs.pop()) {
      answers.set(use, await runOf(engine, subject.image, use));
    }
  };
  await Promise.all(Array.from({ length: RUNS_AT_ONCE }, askNext));
  if (port !== null) await askServer(engine, subject, { port, uses, answers });
  return uses.map((use) => answers.get(use) ?? 'not asked');
}

type Server = {
  readonly port: number;
  readonly uses: readonly Use[];
  readonly answers: Map<Use, string>;
};

async function askServer(engine: Engine, { image, argv }: Subject, { port, uses, answers }: Server) {
  await using sidecar = await startSidecar(engine, 'none');
  const env = await envOf(engine, image);
  const spec = { image, argv, env, network: sidecar.network, limits: LIMITS };
  await using app = await startProgram(engine, spec, {});
  const limit = AbortSignal.timeout(START_MS);
  while (!(await sidecar.listening(limit)).has(port)) {
    const { running } = await app.container.state();
    if (!running) throw new Error(`the app ended: ${app.output.last()}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await new Promise((resolve) => setTimeout(resolve, 1000));
  for (const use of uses) {
    const connect = () => sidecar.connect(port);
    if (use.kind === 'http') answers.set(use, await httpAnswer(use, connect));
    if (use.kind === 'sql') answers.set(use, await sqlAnswer(use.query, { port, stream: await connect() }));
    if (use.kind === 'send') answers.set(use, await sentAnswer(use.text, await connect()));
  }
}

/** A database is MariaDB on its port, else PostgreSQL. */
async function sqlAnswer(query: string, { port, stream }: { port: number; stream: Duplex }): Promise<string> {
  const ask = port === MYSQL_PORT ? queryMysql : querySql;
  return await ask(stream, query).catch(String);
}

async function envOf(engine: Engine, image: ImageId): Promise<Record<string, string>> {
  const config = await engine.inspectImage(image);
  return Object.fromEntries(
    (config?.env ?? []).map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
  );
}

async function runOf(engine: Engine, image: ImageId, { argv }: RunUse): Promise<string> {
  const env = await envOf(engine, image);
  const spec = { image, argv, env, network: 'none' as const, limits: LIMITS };
  try {
    await using program = await startProgram(engine, spec, {});
    const { exitCode } = await program.exit;
    await program.output.ended;
    return `${exitCode}\n${program.output.stdout()}\n${program.output.stderr()}`;
  } catch (error) {
    return String(error);
  }
}

async function httpAnswer(
  use: Extract<Use, { kind: 'http' }>,
  connect: () => Promise<Duplex>,
): Promise<string> {
  const { method, path, headers, body }: HttpUse = use.request;
  const answer = await httpProbe.ask(
    {
      kind: 'http',
      port: 80,
      tls: false,
      method,
      path,
      headers: { ...headers, host: 'localhost:8080' },
      body,
      expectStatus: null,
      expect: null,
      showsHead: false,
      follows: false,
    },
    { connect, signal: AbortSignal.timeout(ANSWER_MS) } as unknown as ProbeContext,
  );
  if (answer.fault !== null) return answer.fault;
  return use.statusAlone ? `${answer.status}` : `${answer.status}\n${answer.text}`;
}

async function sentAnswer(text: string, stream: Duplex): Promise<string> {
  let answer = '';
  let heard = performance.now();
  stream.on('data', (chunk: Buffer) => {
    answer += chunk.toString('latin1');
    heard = performance.now();
  });
  const closed = once(stream, 'close').catch(() => undefined);
  stream.write(text);
  let isOpen = true;
  closed.then(() => {
    isOpen = false;
  });
  while (isOpen && performance.now() - heard < (answer === '' ? FIRST_BYTE_MS : QUIET_MS))
    await new Promise((resolve) => setTimeout(resolve, 50));
  stream.destroy();
  return answer;
}
