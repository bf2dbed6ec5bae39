import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Catalog, catalogOf, type Files } from '../support/catalog.ts';
import { runCli } from '../support/cli.ts';
import { schemaFaults } from '../support/schemas.ts';
import { APP, smallEntry } from '../support/small-entry.ts';

/** All apps together take no longer, one after the other and two at once. */
const PATIENCE_MS = 240_000;

const SERVED = 'kraft run -p 8080:8080 .\ncurl localhost:8080\n```\n\n```\nHello';
// a busy machine may start a server late: then the code would be another
const tight = (probeSeconds: number) =>
  `workload:\n  limits: { readySeconds: 30, probeSeconds: ${probeSeconds}, memory: 128M, pids: 64, disk: 64M }\n`;

/** A web server in Perl; what it does with each connection is said in Perl. */
const server = (answer: string) => `use strict; use Socket;
socket(my $s, PF_INET, SOCK_STREAM, 0); setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1);
bind($s, sockaddr_in(8080, INADDR_ANY)) or die; listen($s, 5);
my $head = "HTTP/1.0 200 OK\\r\\nContent-Type: text/plain\\r\\n\\r\\n";
while (accept(my $c, $s)) { sysread($c, my $asked, 4096); ${answer} close($c); }
`;

const good = (code: string) => ({ ...SHOWN, code });
const SHOWN = { readme: 'kraft run .\n```\n\n```\nHello' };

/** What an app tries from inside, in Perl, and the code in which the entry ends; null: it is slimmed. */
const APPS: Readonly<
  Record<
    string,
    {
      readonly code: string;
      readonly readme?: string;
      readonly probeSeconds?: number;
      readonly ends: string | null;
    }
  >
> = {
  good: { ...good('print "Hello\\n";'), ends: null },
  network: {
    ...good(
      'use IO::Socket::INET; die "out" if IO::Socket::INET->new(PeerAddr => "1.1.1.1:53", Timeout => 2); print "Hello\\n";',
    ),
    ends: null,
  },
  loopback: {
    ...good(
      'use IO::Socket::INET; for my $p (22, 80, 2375, 6379) { die "host" if IO::Socket::INET->new(PeerAddr => "127.0.0.1:$p", Timeout => 1) } print "Hello\\n";',
    ),
    ends: null,
  },
  socket: { ...good('die "engine" if -e "/var/run/docker.sock"; print "Hello\\n";'), ends: null },
  forks: { ...good('1 while defined fork; sleep 60;'), ends: 'workload-failed' },
  memory: { ...good('my @a; push @a, "x" x 1e7 while 1;'), ends: 'workload-failed' },
  disk: {
    ...good(
      'for my $n (1..99) { open(my $f, ">", "/fill$n"); print $f "x" x 2e7 } print "Hello\\n"; sleep 60;',
    ),
    ends: 'limit-exceeded',
  },
  file: {
    ...good('open(my $f, ">", "/fill"); print $f "x" x 1e7 for 1..50; print "Hello\\n";'),
    ends: 'limit-exceeded',
  },
  // it has so much time that the limit of its output comes first on any machine
  output: {
    ...good('my $lines = "Hello\\n" x 1e4; $| = 1; print $lines while 1;'),
    probeSeconds: 60,
    ends: 'limit-exceeded',
  },
  answer: {
    code: server('print $c $head; print $c "x" x 1e6 while 1;').replace(
      'print $c $head',
      'syswrite($c, $head)',
    ),
    readme: SERVED,
    ends: 'limit-exceeded',
  },
  drips: {
    code: server('syswrite($c, $head); while (syswrite($c, "x")) { select(undef, undef, undef, 0.2) }'),
    readme: SERVED,
    ends: 'workload-failed',
  },
  deaf: {
    code: `$SIG{TERM} = $SIG{INT} = $SIG{HUP} = "IGNORE"; ${server('syswrite($c, $head . "Hello\\n");')}`,
    readme: SERVED,
    ends: null,
  },
};

function filesOf(name: string): Files {
  const { code, readme, probeSeconds = 5 } = APPS[name] as (typeof APPS)[string];
  const entry = smallEntry({
    dockerfile: ['FROM debian:bookworm', 'COPY app.pl /app.pl'],
    cmd: ['/usr/bin/perl', '/app.pl'],
    ...(readme === undefined ? {} : { readme }),
  });
  const files = { ...entry, [`${APP}/app.pl`]: code, [`${APP}/kraft-slim.yaml`]: tight(probeSeconds) };
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path.replace(APP, `examples/${name}`), text]),
  );
}

let catalog: Catalog;
beforeAll(async () => {
  catalog = await catalogOf(Object.assign({}, ...Object.keys(APPS).map(filesOf)));
});
afterAll(() => catalog[Symbol.asyncDispose]());

test('from inside an app nothing of the machine is within reach, and each ends in its code', async () => {
  const begun = performance.now();
  const { stdout, stderr } = await runCli(['sweep', '--json', '--jobs', '3', '--entry-timeout', '100'], {
    cwd: catalog.path,
  });
  const document = JSON.parse(stdout);
  expect(schemaFaults(document)).toEqual([]);
  type Row = { entry: string; status: string; code: string | null; reason: string | null };
  const rows = document.results as Row[];
  expect(rows.map(({ entry }) => entry).sort()).toEqual(
    Object.keys(APPS)
      .map((name) => `examples/${name}`)
      .sort(),
  );
  for (const { entry, code, reason } of rows) {
    const { ends } = APPS[entry.replace('examples/', '')] as (typeof APPS)[string];
    expect(ends, `${entry}: ${code}: ${reason}\n${stderr}`).toBe(code);
    expect(code === null || (reason ?? '') !== '').toBe(true);
  }
  expect(performance.now() - begun).toBeLessThan(PATIENCE_MS);
});
