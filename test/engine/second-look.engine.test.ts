import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '../../src/slim/result.ts';
import { type Catalog, catalogOf } from '../support/catalog.ts';
import { runEntry } from '../support/run-entry.ts';
import { APP, smallEntry } from '../support/small-entry.ts';

/**
 * A web server that opens one file for a missing page alone, and another alone when a client resets a connection on
 * which it waits; it closes no connection by itself.
 */
const SERVER = String.raw`use Socket; use Errno;
$SIG{PIPE} = "IGNORE";
sub page { open my $file, "<", $_[0] or return "no $_[0]\n"; local $/; <$file> }
socket(my $server, PF_INET, SOCK_STREAM, 0) or die "socket: $!";
setsockopt($server, SOL_SOCKET, SO_REUSEADDR, 1);
bind($server, sockaddr_in(8080, INADDR_ANY)) or die "bind: $!";
listen($server, 5);
while (accept(my $client, $server)) {
  my $request = "";
  while (1) {
    my $got = sysread $client, $request, 4096, length $request;
    if (!defined $got) { page("/srv/reset") if $!{ECONNRESET}; last }
    last if $got == 0;
    while ($request =~ s/^(\S+) (\S*).*?\r\n\r\n//s) {
      my ($method, $path) = ($1, $2);
      my $text = $path eq "/" ? "hello\n" : page("/srv/missing");
      my $code = $path eq "/" ? "200 OK" : "404 Not Found";
      my $length = length $text;
      syswrite $client, "HTTP/1.1 $code\r\nContent-Length: $length\r\n\r\n" . ($method eq "HEAD" ? "" : $text);
    }
    last if length $request > 8192;
  }
  close $client;
}
`;

const ENTRY = smallEntry({
  dockerfile: [
    'FROM debian:bookworm',
    // what a RUN makes is no file of the build context
    'RUN echo "not here" > /srv/missing; echo reset > /srv/reset; echo unused > /srv/unused',
    'COPY server.pl /server.pl',
  ],
  cmd: ['/usr/bin/perl', '/server.pl'],
  readme: 'kraft run -p 8080:8080 .\n```\n\n```\ncurl localhost:8080/\n```\n\n```\nhello',
});

let catalog: Catalog;
beforeAll(async () => {
  catalog = await catalogOf({ ...ENTRY, [`${APP}/server.pl`]: SERVER });
});
afterAll(() => catalog[Symbol.asyncDispose]());

const keptOf = async (of = catalog) => {
  const text = await of.read(`${APP}/Dockerfile`);
  const stage = text.slice(text.lastIndexOf('\nFROM '));
  return ['missing', 'reset', 'unused'].filter((name) => stage.includes(`/srv/${name}`));
};
const messagesOf = ({ warnings }: Result) =>
  warnings.flatMap(({ code, message }) => (code === 'second-look-differs' ? [message] : []));

// the tests follow one another
describe('a server whose README shows one page', () => {
  test('keeps what a missing page and a reset connection need', async () => {
    const result = await runEntry(catalog, APP);
    expect(result).toMatchObject({ exitCode: 0, status: 'slimmed', verified: true });
    expect(result.secondLook?.cases).toBeGreaterThanOrEqual(12);
    expect(result.secondLook?.same).toBe(result.secondLook?.cases);
    expect(messagesOf(result)).toEqual([]);
    expect(await keptOf()).toEqual(['missing', 'reset']);
  });

  test('without a change says what the last run saw', async () => {
    const result = await runEntry(catalog, APP);
    expect(result).toMatchObject({ exitCode: 0, status: 'unchanged' });
    expect(result.secondLook?.cases).toBeGreaterThanOrEqual(12);
  });

  test('says which use answers otherwise, and is verified all the same', async () => {
    await catalog.write({ [`${APP}/kraft-slim.yaml`]: 'drop:\n  - /srv/missing\n' });
    const result = await runEntry(catalog, APP);
    expect(result).toMatchObject({ exitCode: 0, status: 'slimmed', verified: true });
    const { cases = 0, same = 0 } = result.secondLook ?? {};
    expect(cases - same).toBeGreaterThanOrEqual(1);
    expect(messagesOf(result)).toEqual([
      expect.stringContaining(
        'a missing page on port 8080: "no /srv/missing" came, but the baseline has "not here"',
      ),
    ]);
    expect(await keptOf()).toEqual(['reset']);
  });
});

test('a program that runs once keeps what it needs where its argument is no file', async () => {
  const entry = smallEntry({
    dockerfile: [
      'FROM debian:bookworm',
      'RUN echo "usage: tool FILE" > /srv/missing; echo unused > /srv/unused',
      'COPY tool.pl /tool.pl',
    ],
    cmd: ['/usr/bin/perl', '/tool.pl'],
  });
  const tool = String.raw`my $path = @ARGV ? "/srv/missing" : "/tool.pl";
open my $file, "<", $path or exit 7;
print @ARGV ? <$file> : "Hello\n";
exit scalar @ARGV;
`;
  await using tools = await catalogOf({ ...entry, [`${APP}/tool.pl`]: tool });
  const result = await runEntry(tools, APP);
  expect(result).toMatchObject({ exitCode: 0, verified: true, secondLook: { cases: 1, same: 1 } });
  expect(await keptOf(tools)).toEqual(['missing']);
});

test('an interpreter with a promised library loads each of its modules as before', async () => {
  const entry = smallEntry({
    // the layers of the fixture library/perl/5.36, which the engine has already
    dockerfile: [
      'FROM debian:bookworm',
      '',
      'RUN set -xe; \\',
      '    apt-get update; \\',
      '    apt-get install -y --no-install-recommends perl; \\',
      '    rm -rf /var/lib/apt/lists/*',
      '',
      'COPY tool.pl /tool.pl',
    ],
    cmd: ['/usr/bin/perl', '/tool.pl'],
  });
  const files = {
    [`${APP}/tool.pl`]: 'print "Hello\\n";\n',
    [`${APP}/kraft-slim.yaml`]: 'promise: runtime\n',
  };
  await using tools = await catalogOf({ ...entry, ...files });
  const result = await runEntry(tools, APP);
  expect(result).toMatchObject({ exitCode: 0, verified: true, promise: 'runtime' });
  expect(messagesOf(result)).toEqual([]);
  expect(result.secondLook).toEqual({ cases: 2, same: 2 });
});
