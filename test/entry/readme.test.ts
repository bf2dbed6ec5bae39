import { describe, expect, test } from 'vitest';
import { readKraftRun, readmeCommands, shellWords } from '../../src/entry/readme.ts';

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

test.each([
  ['a  b\tc', ['a', 'b', 'c']],
  ['\'a b\' "c d"', ['a b', 'c d']],
  ['a"b"\'c\'d', ['abcd']],
  ['a\\ b', ['a b']],
  ['"a\\"b\\$c\\n"', ['a"b$c\\n']],
  ["'a\\n'", ['a\\n']],
  ['\'\' ""', ['', '']],
  ['', []],
])('the words of %j are %j', (command, words) => {
  expect(shellWords(command)).toEqual(words);
});

describe('kraft run', () => {
  const run = (line: string) => readKraftRun(shellWords(`kraft run ${line}`));

  test.each([
    ['-p 8080:80 .', 8080, 80],
    ['-p8080:80 .', 8080, 80],
    ['--port 8080:80 .', 8080, 80],
    ['--port=8080:80 .', 8080, 80],
    ['-p 127.0.0.1:8080:80/tcp .', 8080, 80],
    ['-p [::1]:8080:80/tcp .', 8080, 80],
  ])('%s', (line, host, guest) => {
    expect(run(line)?.ports).toEqual([{ host, guest }]);
  });

  test('gives every port, in order', () => {
    expect(run('-p 1:2 --plat qemu -p 3:4 .')?.ports).toEqual([
      { host: 1, guest: 2 },
      { host: 3, guest: 4 },
    ]);
  });

  test('has no port of UDP', () => {
    expect(run('-p 53:53/udp -p 53:5353/tcp .')?.ports).toEqual([{ host: 53, guest: 5353 }]);
  });

  test('gives the environment; a value may hold anything', () => {
    expect(run("-e A=b -e 'B=c d=e' --env=C= -e PASSED_ON .")?.env).toEqual({ A: 'b', B: 'c d=e', C: '' });
  });

  test.each(['kraft build .', 'kraft', 'docker run -p 1:2 .'])('%s is none', (line) => {
    expect(readKraftRun(shellWords(line))).toBeUndefined();
  });
});
