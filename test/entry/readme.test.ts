import { describe, expect, test } from 'vitest';
import { readmeCommands } from '../../src/entry/readme.ts';

const block = (...lines: string[]) => ['```bash', ...lines, '```'].join('\n');
const commandsOf = (...parts: string[]) =>
  readmeCommands(parts.join('\n\n')).map(({ words, input, expected }) => ({
    line: words.join(' '),
    ...(input === null ? {} : { input: input.join(' ') }),
    expected,
  }));

describe('the commands of a README', () => {
  test('are those of its code blocks, whatever the prompt', () => {
    const text = ['curl in:prose', block('curl a:1', '$ curl b:2', '# curl c:3', 'sudo kraft run .', 'ls')];
    expect(commandsOf(...text).map(({ line }) => line)).toEqual([
      'curl a:1',
      'curl b:2',
      'curl c:3',
      'kraft run .',
    ]);
  });

  test.each([
    '~~~\ncurl a:1\n~~~',
    '````\ncurl a:1\n````',
    '   ```\ncurl a:1\n   ```',
    '```\r\ncurl a:1\r\n```',
  ])('%j is a code block', (text) => {
    expect(commandsOf(text)).toEqual([{ line: 'curl a:1', expected: null }]);
  });

  test('a fence is closed by one of its kind and length only', () => {
    expect(commandsOf('````\ncurl a:1\n```\ncurl b:2\n~~~~\n````\ncurl c:3')).toHaveLength(2);
  });

  test('a block that is never closed has none', () => {
    expect(commandsOf('```\ncurl a:1')).toEqual([]);
  });

  test('a line that ends in a backslash goes on in the next', () => {
    expect(commandsOf(block('kraft run --rm \\', '    -p 1:2 \\', '    .'))).toMatchObject([
      { line: 'kraft run --rm -p 1:2 .' },
    ]);
  });

  test('one pipe makes an input', () => {
    expect(commandsOf(block("printf 'PING\\r\\n' | nc -w 1 localhost 6379"))).toEqual([
      { line: 'nc -w 1 localhost 6379', input: 'printf PING\\r\\n', expected: null },
    ]);
  });

  test.each(["curl 'a|b'", 'curl "a|b"', 'curl a\\|b'])('the bar in %s is no pipe', (line) => {
    expect(commandsOf(block(line))).toEqual([{ line: 'curl a|b', expected: null }]);
  });

  test.each(['cat x | nc a 1', 'echo x | curl a:1 | curl b:1'])('%s is none', (line) => {
    expect(commandsOf(block(line))).toEqual([]);
  });
});

test.each(['jq .', 'head -n 1', 'grep -i hello', 'jq . | head'])(
  'a filter hides what comes: %s',
  (filter) => {
    expect(commandsOf(block(`curl a:1 | ${filter}`, '{}'), '```text\n{}\n```')).toEqual([
      { line: 'curl a:1', expected: null },
    ]);
  },
);

describe('what is expected of a command', () => {
  test('is not a block that comes after the next', () => {
    const source = '```text\nsource\n```';
    expect(commandsOf(block('curl a:1'), block('ls'), source)).toMatchObject([{ expected: null }]);
    expect(commandsOf(block('curl a:1'), '```\n\n```', source)).toMatchObject([{ expected: null }]);
  });

  test.each(['bash', 'sh', 'console', 'shell', 'Console'])(
    'is not a block of %s, which holds commands',
    (name) => {
      expect(commandsOf(block('curl a:1'), `\`\`\`${name}\nsome-tool --run\n\`\`\``)).toMatchObject([
        { expected: null },
      ]);
    },
  );

  test('is in a block of a shell where that shows a command with what it prints', () => {
    expect(commandsOf('```console\n$ curl a:1\nHello\n$ unheard-of\nBye\n```')).toEqual([
      { line: 'curl a:1', expected: 'Hello' },
    ]);
  });

  test.each(['$ some-tool', 'docker ps', 'cd x', 'ls', 'make', 'export A=b', './x --y', 'sudo rm x'])(
    'is not the command %s, nor what that prints',
    (line) => {
      expect(commandsOf(block('curl a:1', line, 'text'), '```\nmore\n```')).toMatchObject([
        { expected: null },
      ]);
      expect(commandsOf(block('curl a:1'), `\`\`\`\n${line}\ntext\n\`\`\``)).toMatchObject([
        { expected: null },
      ]);
    },
  );

  test('is what follows it in its block', () => {
    expect(commandsOf(block('$ curl a:1', 'Hello', '', 'World', '$ curl b:2', 'Bye'))).toMatchObject([
      { expected: 'Hello\n\nWorld' },
      { expected: 'Bye' },
    ]);
  });

  test('is else the next block, of text', () => {
    expect(
      commandsOf(block('curl a:1'), 'prose', '```text\n  Hello\n```', '```text\nmore\n```'),
    ).toMatchObject([{ expected: 'Hello' }]);
  });

  test('is nothing where the next block begins with a command', () => {
    expect(commandsOf(block('curl a:1'), block('kraft ps'), '```text\nNAME\n```')).toMatchObject([
      { line: 'curl a:1', expected: null },
      { line: 'kraft ps', expected: 'NAME' },
    ]);
  });

  test('is of the last of several commands', () => {
    expect(commandsOf(block('curl a:1', 'curl b:2'), '```\ntext\n```')).toMatchObject([
      { expected: null },
      { expected: 'text' },
    ]);
  });
});
describe('a client that is used by hand', () => {
  test.each([
    '127.0.0.1:6379> get a',
    'localhost:6379[1]> get a',
    'MariaDB [(none)]> select 1;',
    'mysql> select 1;',
    'postgres=# select 1;',
  ])('may have its session in a block of a shell: %s', (line) => {
    const session = `\`\`\`console\n${line}\nanswer\n\`\`\``;
    expect(commandsOf(block('redis-cli'), session)).toEqual([
      { line: 'redis-cli', expected: `${line}\nanswer` },
    ]);
  });

  test('shows tables, whose rows are no commands', () => {
    const table = ['+---+', '| mysql |', '| curl a:1 |', '+---+'];
    expect(commandsOf(block('mysql -e x', ...table))).toEqual([
      { line: 'mysql -e x', expected: table.join('\n') },
    ]);
  });
});

test('variables before a command are its environment', () => {
  expect(readmeCommands(block("PGPASSWORD='a b' PGUSER=c psql -l"))).toEqual([
    { words: ['psql', '-l'], env: { PGPASSWORD: 'a b', PGUSER: 'c' }, input: null, expected: null },
  ]);
});
