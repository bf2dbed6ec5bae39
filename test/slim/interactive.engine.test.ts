import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Catalog, catalogOf } from '../support/catalog.ts';
import { runCli } from '../support/cli.ts';
import { labelled } from '../support/docker.ts';
import { fullImage } from '../support/full-image.ts';
import { runEntry } from '../support/run-entry.ts';
import { APP, smallEntry } from '../support/small-entry.ts';
import { startInTerminal } from '../support/terminal.ts';

const LICENCE = '/usr/share/common-licenses/Apache-2.0';

/** Answers `/licence` with a file of the base image, which no rule and no probe keeps. */
const SERVER = `use IO::Socket::INET;
my $server = IO::Socket::INET->new(LocalPort => 8080, Listen => 16, ReuseAddr => 1) or die $!;
while (my $client = $server->accept) {
  my ($line, $length) = (scalar <$client>, 0);
  while (my $header = <$client>) { $length = $1 if $header =~ /^content-length: (\\d+)/i; last if $header =~ /^\\r?$/ }
  read $client, my $sent, $length;
  my $body = "hello $sent\\n";
  if ($line =~ m{ /licence }) { my $file; $body = open($file, '<', '${LICENCE}') ? join('', <$file>) : "gone\\n" }
  print $client "HTTP/1.1 200 OK\\r\\nContent-Length: " . length($body) . "\\r\\nConnection: close\\r\\n\\r\\n$body";
  close $client;
}
`;

let catalog: Catalog;
beforeAll(async () => {
  catalog = await catalogOf({
    ...smallEntry({
      dockerfile: ['FROM debian:bookworm', 'COPY ./server.pl /server.pl'],
      cmd: ['/usr/bin/perl', '/server.pl'],
      readme: 'curl localhost:8080/\n```\n\n```\nhello',
    }),
    [`${APP}/server.pl`]: SERVER,
  });
});
afterAll(() => catalog[Symbol.asyncDispose]());

/** Whether the licence is in what the entry's Dockerfile makes. */
async function holdsLicence(): Promise<boolean> {
  await using image = await fullImage(catalog, APP);
  return (await image.run(['/usr/bin/perl', '-e', `print -e '${LICENCE}' ? 'there' : 'gone'`])) === 'there';
}

/** The lines for kraft-slim.yaml among those of a screen. */
function offered(lines: readonly string[]): string {
  const from = lines.findIndex((line) => line.trim() === 'keep:');
  return `${lines.slice(from).join('\n')}\n`;
}

describe('a person uses the traced app on the loopback', () => {
  test('which then is kept for that use, and offered for kraft-slim.yaml', async () => {
    const run = startInTerminal(['--interactive', APP], { cwd: catalog.path });
    const [, address = ''] =
      /(127\.0\.0\.1:\d+) \(its port 8080\)/.exec(await run.shows(/press Enter/)) ?? [];
    expect(await (await fetch(`http://${address}/licence`)).text()).toContain('Apache License');
    const posted = await fetch(`http://${address}/`, { method: 'POST', body: 'moon' });
    expect(await posted.text()).toBe('hello moon\n');
    run.type('\r');
    const { exitCode, screen } = await run.ended;
    expect({ exitCode, lines: screen.lines }).toMatchObject({ exitCode: 0 });
    const lines = offered(screen.lines);
    expect(lines).toContain(`- ${LICENCE}`);
    expect(lines).toContain('path: /licence }');
    expect(lines).toMatch(/path: \/, method: POST, headers: .*, body: moon }/);
    expect(await holdsLicence()).toBe(true);
    await expect(fetch(`http://${address}/`)).rejects.toThrow();
    expect((await labelled()).filter(({ owner }) => owner !== 'permanent')).toEqual([]);

    // the next analysis forgets the use, unless the settings say it
    expect(await runEntry(catalog, APP, '--redo')).toMatchObject({ verified: true });
    expect(await holdsLicence()).toBe(false);
    await writeFile(join(catalog.path, APP, 'kraft-slim.yaml'), lines);
    const { workload, ...result } = await runEntry(catalog, APP, '--redo');
    expect(result).toMatchObject({ code: null, verified: true });
    expect(workload).toMatchObject({ source: 'config', probes: [{}, {}, {}] });
    expect(await holdsLicence()).toBe(true);
  });
});

test('without a terminal it is wrong usage', async () => {
  const { exitCode, stderr } = await runCli(['--interactive', APP], { cwd: catalog.path, env: { CI: '' } });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('cannot use --interactive: it needs a terminal');
});
