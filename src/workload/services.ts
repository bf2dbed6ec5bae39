import type { Engine } from '../engine/engine.ts';
import { type Surroundings, startBeside } from './beside.ts';
import { type Program, StartError } from './program.ts';
import { untilReady } from './readiness.ts';
import type { Sidecar } from './sidecar.ts';
import type { Service } from './workload.ts';

export type ServicesRequest = {
  readonly services: readonly Service[];
  readonly surroundings: Surroundings;
  readonly sidecar: Sidecar;
  readonly signal: AbortSignal;
};

/**
 * Starts the services of an app one after the other, each when those before it listen; disposing of them removes
 * them all.
 * @throws StartError that names the service that did not come up.
 */
export async function startServices(engine: Engine, request: ServicesRequest): Promise<AsyncDisposable> {
  const programs: Program[] = [];
  const dispose = async () => {
    await Promise.all(programs.map((program) => program[Symbol.asyncDispose]()));
  };
  try {
    for (const service of request.services) {
      const program = await startService(engine, service, request);
      programs.push(program);
      await untilUp(program, service, request);
    }
  } catch (error) {
    await dispose();
    throw error;
  }
  return { [Symbol.asyncDispose]: dispose };
}

async function startService(
  engine: Engine,
  service: Service,
  { surroundings }: ServicesRequest,
): Promise<Program> {
  try {
    return await startBeside(engine, service, surroundings);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    throw new StartError(`the service ${service.command.join(' ')} cannot start: ${error.message}`);
  }
}

async function untilUp(
  program: Program,
  { command, ports }: Service,
  { sidecar, surroundings, signal }: ServicesRequest,
): Promise<void> {
  const limitMs = surroundings.limits.readyMs;
  const lacking = await untilReady({ ports, line: null }, { program, sidecar, limitMs, signal });
  if (lacking === null) return;
  const { running, exitCode } = await program.container.state();
  const name = `the service ${command.join(' ')}`;
  const why = running
    ? `did not listen on port ${ports.join(', ')} within ${limitMs / 1000} seconds`
    : `ended with exit code ${exitCode} before it listened on port ${ports.join(', ')}`;
  throw new StartError(`${name} ${why}`, program.output.last());
}
