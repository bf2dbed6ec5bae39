import { expect, test } from 'vitest';
import { PLAIN_RUN } from '../../src/entry/kraft-run.ts';
import { runOfConfig } from '../../src/entry/run-config.ts';

const runOf = (...lines: string[]) =>
  runOfConfig({ file: 'a/RunConfig.yaml', text: `${lines.join('\n')}\n` });
const METADATA = ['RunMetadata:', '  Memory: 256', '  ExposedPort: 80', '  PublicPort: 8080'];
const expectedOf = (lines: string[], outputs: string[]) =>
  runOf(
    'ListOfCommands:',
    ...lines.map((line) => `  - ${line}`),
    'ExpectedOutput:',
    ...outputs.map((text) => `  - ${text}`),
  ).commands.map(({ words, expected }) => [words.join(' '), expected]);

test('memory is in mebibytes, and the public port leads to the exposed one', () => {
  expect(runOf(...METADATA).run).toEqual({
    ...PLAIN_RUN,
    memoryBytes: 256 * 2 ** 20,
    ports: [{ host: 8080, guest: 80 }],
  });
});

test.each([
  ['the port 0', ['RunMetadata:', '  ExposedPort: 0', '  PublicPort: 0']],
  ['a port that is none', ['RunMetadata:', '  ExposedPort: 70000']],
  ['no metadata', ['RunMetadata: a']],
  ['nothing', ['']],
])('%s is no port', (_, lines) => {
  expect(runOf(...lines).run).toEqual(PLAIN_RUN);
});

test('a text is of the command at its place, all texts of the only one', () => {
  expect(expectedOf(['redis-cli set a 1', 'redis-cli get a'], ['OK', '"1"'])).toEqual([
    ['redis-cli set a 1', 'OK'],
    ['redis-cli get a', '1'],
  ]);
  expect(expectedOf(['curl localhost:8080'], ['Bye', 'World'])).toEqual([
    ['curl localhost:8080', 'Bye\n...\nWorld'],
  ]);
});

test('where the numbers of commands and texts differ no text is expected', () => {
  expect(expectedOf(['redis-cli set a 1', 'redis-cli get a'], ['OK', '1', 'Powered by'])).toEqual([
    ['redis-cli set a 1', null],
    ['redis-cli get a', null],
  ]);
});

test('without a command the texts are what the app prints', () => {
  expect(runOf('TestingType: no-command', 'ExpectedOutput: ["Hello, World!"]').commands).toMatchObject([
    { words: ['kraft', 'run'], expected: 'Hello, World!' },
  ]);
});

test('what is no YAML is refused', () => {
  expect(() => runOf('a: [')).toThrow(/^cannot read a\/RunConfig.yaml: /);
});
