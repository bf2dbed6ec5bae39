import { describe, expect, test } from 'vitest';
import { askedPort } from '../../src/check/asked-port.ts';
import { readEditorConfig } from '../../src/check/editor-config.ts';
import { contradicts, versionOfImage, versionsInName } from '../../src/check/versions.ts';
import { shellWords } from '../../src/entry/shell-line.ts';

describe('the port that a command asks', () => {
  test.each([
    ['curl localhost:8080', 8080],
    ['curl -s http://127.0.0.1:8080/a?b', 8080],
    ['curl http://localhost/', 80],
    ['curl -k https://localhost', 443],
    ['curl -H "Host: localhost:1" localhost:8080', 8080],
    ['wget -O - localhost:3000/x', 3000],
    ['nc localhost 11211', 11211],
    ['nc -w 1 127.0.0.1 6379', 6379],
    ['telnet localhost 11211', 11211],
    ['redis-cli', 6379],
    ['redis-cli -h localhost -p 6380 ping', 6380],
    ['mysql -h 127.0.0.1 -P 3307 -u root', 3307],
    ['psql -h localhost -U postgres', 5432],
  ])('%s', (line, port) => {
    expect(askedPort(shellWords(line))).toBe(port);
  });

  test.each([
    'curl https://example.org:8080/',
    'curl localhost',
    'curl 172.44.0.2:8222',
    'curl localhost.example.org:80',
    'redis-cli -h 10.0.0.1',
    'redis-cli -u redis://localhost:7000',
    'mysql --port=3307',
    'nc -l 8080',
    'echo localhost:8080',
    '',
  ])('%s says none of this machine', (line) => {
    expect(askedPort(shellWords(line))).toBeUndefined();
  });
});

describe('versions', () => {
  test('in the name of an example', () => {
    expect(versionsInName('examples/prisma-expressjs4.18-node21-base')).toEqual([
      { name: 'expressjs', version: '4.18' },
      { name: 'node', version: '21' },
    ]);
    expect(versionsInName('examples/httpserver-g++13.2')).toEqual([{ name: 'gcc', version: '13.2' }]);
    expect(versionsInName('examples/net-tools-debian11/ping')).toEqual([{ name: 'debian', version: '11' }]);
    expect(versionsInName('examples/http3-server')).toEqual([{ name: 'http', version: '3' }]);
  });

  test.each([
    ['python:3.12.1-bookworm', 'python', '3.12.1'],
    ['docker.io/library/nginx:1.25', 'nginx', '1.25'],
    ['surrealdb/surrealdb:v1.1.1', 'surrealdb', '1.1.1'],
    ['localhost:5000/redis:7', 'redis', '7'],
    ['debian:bookworm-slim', 'debian', '12'],
    ['debian:12.4', 'debian', '12.4'],
  ])('of the image %s', (image, name, version) => {
    expect(versionOfImage(image)).toEqual({ name, version });
  });

  test.each(['alpine', 'alpine:latest', 'node:lts', 'debian:sid'])('%s has none', (image) => {
    expect(versionOfImage(image)).toBeUndefined();
  });

  test('contradict each other where both say a part, and say another', () => {
    expect(contradicts('3.12', '3.12.1')).toBe(false);
    expect(contradicts('3.12.1', '3.12')).toBe(false);
    expect(contradicts('3.1', '3.12')).toBe(true);
    expect(contradicts('3', '13')).toBe(true);
    expect(contradicts('1.02', '1.2')).toBe(false);
  });
});

describe('an .editorconfig', () => {
  test('later sections win, and globs with a slash are from the root', () => {
    const style = readEditorConfig(`
      root = true
      [*]
      end_of_line = LF
      insert_final_newline = true
      [*.{bat,cmd}]
      end_of_line = crlf
      [/docs/*.md]
      insert_final_newline = false
      [{Makefile,*.mk}]
      trim_trailing_whitespace : true
    `);
    expect(style('a/b.c')).toEqual({
      lineEnd: '\n',
      finalNewline: true,
      trimsTrailingSpace: false,
      byteOrderMark: true,
    });
    expect(style('a/b.bat').lineEnd).toBe('\r\n');
    expect(style('docs/a.md').finalNewline).toBe(false);
    expect(style('x/docs/a.md').finalNewline).toBe(true);
    expect(style('x/Makefile').trimsTrailingSpace).toBe(true);
  });

  test('where there is none, a catalog has its usual style', () => {
    const style = { lineEnd: '\n', finalNewline: true, trimsTrailingSpace: true, byteOrderMark: false };
    expect(readEditorConfig(null)('a')).toEqual(style);
  });
});
