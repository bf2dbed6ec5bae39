import { afterEach, expect, test } from 'vitest';
import { connectEngine } from '../../src/engine/connect.ts';
import type { ContainerSpec, Engine } from '../../src/engine/engine.ts';
import { networkPool } from '../../src/workload/network-pool.ts';
import type { RunRequest } from '../../src/workload/run-launch.ts';
import { runnerOver } from '../../src/workload/runner.ts';
import { USUAL } from '../../src/workload/workload.ts';
import { ownedBy } from '../support/docker.ts';

/** Answers one connection after the other and closes first; it shares its port (SO_REUSEADDR). */
const SERVER = `use Socket;
socket(my $server, PF_INET, SOCK_STREAM, 0) or die "socket: $!";
bind($server, sockaddr_in(80, INADDR_ANY)) or die "bind: $!";
listen($server, 5);
while (accept(my $client, $server)) { readline $client; syswrite $client, "hello\\n"; close $client }`;

/** Runs the server so often; gives what it answered each time, and how many networks that took. */
async function served(times: number, seen: (spec: ContainerSpec) => ContainerSpec) {
  const engine = await connectEngine();
  const networks: string[] = [];
  const watched: Engine = {
    ...engine,
    async createContainer(spec) {
      if (spec.network === 'none') networks.push(spec.network);
      return await engine.createContainer(seen(spec));
    },
  };
  const image = (await engine.inspectImage('debian:bookworm'))?.id;
  if (image === undefined) throw new Error('debian:bookworm is not in the engine');
  const request: RunRequest = {
    image,
    clients: image,
    argv: ['/usr/bin/perl', '-e', SERVER],
    env: {},
    workload: {
      ...USUAL,
      source: 'readme',
      ports: [80],
      probes: [{ kind: 'tcp', port: 80, send: 'hi\n', expect: 'hello' }],
    },
  };
  const answers: unknown[] = [];
  {
    await using pool = networkPool();
    await using runner = runnerOver(watched, pool);
    for (let run = 0; run < times; run += 1) {
      const { ready, answers: told, lastOutput } = await runner.run(request);
      answers.push(ready ? told[0]?.answer.text : lastOutput);
    }
  }
  return { answers, networks: networks.length };
}

afterEach(async () => {
  expect(await ownedBy(process.pid)).toEqual([]);
});

test('apps that run one after the other find their network as the first one did', async () => {
  expect(await served(3, (spec) => spec)).toEqual({
    answers: ['hello\n', 'hello\n', 'hello\n'],
    networks: 1,
  });
});

test('a network that an ended connection is left in serves no other app', async () => {
  const remembering = ({ sysctls: _, ...spec }: ContainerSpec) => spec;
  expect(await served(2, remembering)).toEqual({ answers: ['hello\n', 'hello\n'], networks: 2 });
});
