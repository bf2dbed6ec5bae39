import { expect, test } from 'vitest';
import type { ClientProbe } from '../../src/workload/probe.ts';
import { clientProbe } from '../../src/workload/probe-client.ts';
import { localContext } from '../support/local-server.ts';

const PROBE: ClientProbe = {
  kind: 'client',
  command: ['redis-cli', 'ping'],
  image: null,
  env: {},
  input: 'x',
  expect: null,
  expectExitCode: null,
};

test('the answer is the exit code, what came on standard output, and the last complaints', async () => {
  const asked: unknown[] = [];
  const runClient = async (client: unknown) => {
    asked.push(client);
    return { exitCode: 2, stdout: 'PONG\n', stderr: 'a\nb\nc\nd\n' };
  };
  expect(await clientProbe.ask(PROBE, { ...localContext(), runClient })).toEqual({
    status: 'exit code 2',
    text: 'PONG\n',
    fault: null,
    complaint: 'b\nc\nd',
  });
  expect(asked).toEqual([PROBE]);
});

test.each([
  ['no such image', localContext().signal],
  ['no answer in time', AbortSignal.abort()],
])('a client that cannot be run is a fault, never an error: %s', async (fault, signal) => {
  const runClient = () => Promise.reject(new Error('no such image'));
  expect(await clientProbe.ask(PROBE, { ...localContext(signal), runClient })).toEqual({
    status: null,
    text: null,
    fault,
  });
});

test.each([
  [['redis-cli', 'ping'], 'redis-cli ping'],
  [['mysql', '-e', 'SELECT 1'], 'mysql -e "SELECT 1"'],
  [['curl', 'http://localhost:80/a?b', ''], 'curl "http://localhost:80/a?b" ""'],
])('%j is described as: %s', (command, expected) => {
  expect(clientProbe.describe({ ...PROBE, command })).toBe(expected);
});
