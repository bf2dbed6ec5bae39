import type { Files } from './catalog.ts';

const shell = (...lines: string[]) => ['```bash title="unikraft"', ...lines, '```', ''].join('\n');
const text = (...lines: string[]) => ['```text', ...lines, '```', ''].join('\n');

/** A README as unikraft-cloud/examples has them: both commands, what the cloud shows, a request and its answer. */
function readme(name: string, port: number, answer: string | null): string {
  return [
    `# ${name}\n`,
    shell(`git clone https://example.org/examples`, `cd examples/${name}/`),
    shell(
      `unikraft build . --output <my-org>/${name}:latest`,
      'unikraft run --metro fra \\',
      '  -m 512M \\',
      `  -p 443:${port}/tls+http \\`,
      '  --scale-to-zero policy=on,cooldown-time=1000 \\',
      `  --image <my-org>/${name}:latest`,
    ),
    shell('kraft cloud deploy \\', '  -M 256Mi \\', `  -p 443:${port}/tls+http \\`, '  .'),
    `\`\`\`ansi title="unikraft"\nmetro:  fra\nstate:  starting\n\`\`\`\n`,
    answer === null ? '' : shell('curl https://quiet-river-1a2b.fra.unikraft.app') + text(answer),
    shell('unikraft instances list'),
  ].join('\n');
}

/** A test file as unikraft-cloud/examples has them. */
export function cloudTest(directory: string, port: number, answer: string): string {
  return `"""The test of \`\`${directory}\`\`."""

from __future__ import annotations


def test_answers(build_image, run_instance, http, wait_instance):
    image = build_image("${directory}", "${directory.replace('/', '-')}")
    instance = run_instance(
        image,
        publish=["443:${port}/tls+http"],
        memory="256M",
        env={"GREETING": "Hello"},
    )

    url = extract_instance_url(instance)
    assert url, f"no URL: {instance!r}"
    resp = http(f"{url}/greet")
    assert resp.status_code == 200
    assert "${answer}" in resp.text
`;
}

const v07 = (...lines: string[]) =>
  `${['spec: v0.7', '', 'runtime: base-compat:latest', '', ...lines].join('\n')}\n`;
const EROFS = ['rootfs:', '  source: ./Dockerfile', '  format: erofs', ''];

const LABELS = ['labels:', '  cloud.unikraft.v1.instances/scale_to_zero.policy: "on"', ''];

/** A server of Debian's own perl that greets every request, as one image with all of Debian in it. */
export const PERL_SERVER: Files = {
  Dockerfile: 'FROM debian:bookworm\nCOPY server.pl /src/server.pl\n',
  'server.pl': `use strict;
use IO::Socket::INET;
$| = 1;
my $greeting = $ENV{GREETING} // 'Hello';
my $port = shift @ARGV // 8080;
my $server = IO::Socket::INET->new(LocalPort => $port, Listen => 16, ReuseAddr => 1) or die "port $port: $!";
while (my $client = $server->accept) {
  while (defined(my $line = <$client>)) { last if $line =~ /^\\r?$/ }
  my $body = "$greeting from perl!\\n";
  print $client "HTTP/1.1 200 OK\\r\\nContent-Length: ", length($body), "\\r\\nConnection: close\\r\\n\\r\\n$body";
  close $client;
}
`,
};

/** The files of an entry in a directory of a catalog. */
export function within(directory: string, files: Files): Files {
  return Object.fromEntries(Object.entries(files).map(([name, file]) => [`${directory}/${name}`, file]));
}

/** The entry that ends in a full image. */
export const FULL_IMAGE: Files = {
  ...PERL_SERVER,
  Kraftfile: v07(...EROFS, 'cmd: ["/usr/bin/perl", "/src/server.pl"]'),
  'README.md': readme('httpserver-perl5.36', 8080, 'Hello from perl!'),
};

/** The entry that is a Dockerfile alone, with a test file. */
export const BARE: Files = {
  ...PERL_SERVER,
  Dockerfile:
    'FROM debian:bookworm\nCOPY server.pl /src/server.pl\nCMD ["/usr/bin/perl", "/src/server.pl", "9000"]\n',
};

/** A server that answers with what another says, and that other. */
export const SERVICES: Files = {
  'README.md':
    shell(
      'unikraft build ./db --output <my-org>/db:latest',
      'unikraft run --metro fra -m 256M --domain db.internal -e DB_PASSWORD=secret --image <my-org>/db:latest',
    ) +
    shell(
      'unikraft build ./web --output <my-org>/web:latest',
      'unikraft run --metro fra -m 256M -p 443:80/tls+http -e DB=db.internal:5432 --image <my-org>/web:latest',
    ) +
    shell('curl https://<FQDN>/list') +
    text('in store: secret'),
  'db/Kraftfile': v07(...EROFS, 'cmd: "/usr/bin/perl /src/db.pl --data /data"'),
  'db/Dockerfile': 'FROM debian:bookworm\nCOPY db.pl /src/db.pl\n',
  'db/db.pl': `use IO::Socket::INET;
my $server = IO::Socket::INET->new(LocalPort => 5432, Listen => 16, ReuseAddr => 1) or die "port: $!";
while (my $client = $server->accept) { print $client "$ENV{DB_PASSWORD}\\n"; close $client; }
`,
  'web/Kraftfile': v07(...EROFS, 'cmd: ["/usr/bin/perl", "/src/web.pl"]'),
  'web/Dockerfile': 'FROM debian:bookworm\nCOPY web.pl /src/web.pl\n',
  'web/web.pl': `use IO::Socket::INET;
my $server = IO::Socket::INET->new(LocalPort => 80, Listen => 16, ReuseAddr => 1) or die "port: $!";
while (my $client = $server->accept) {
  while (defined(my $line = <$client>)) { last if $line =~ /^\\r?$/ }
  my $db = IO::Socket::INET->new(PeerAddr => $ENV{DB});
  my $body = 'in store: ' . ($db ? <$db> : 'nothing');
  print $client "HTTP/1.1 200 OK\\r\\nContent-Length: ", length($body), "\\r\\nConnection: close\\r\\n\\r\\n$body";
  close $client;
}
`,
};

/**
 * A catalog in the shape of the cloud examples of 2026, written for the tests: entries at the top, services below a
 * group, one Dockerfile alone, distroless and full images, v0.6 and v0.7, test files and a `RunConfig.yaml`.
 */
export const CLOUD_CATALOG: Files = {
  'README.md': '# Examples\n',
  'conftest.py': 'def run_instance(): pass\n',
  ...within('httpserver-perl5.36', FULL_IMAGE),
  ...within('httpserver-perl5.36-bare', {
    ...BARE,
    'test_httpserver-perl5.36-bare.py': cloudTest('httpserver-perl5.36-bare', 9000, 'from perl'),
  }),
  ...within('httpserver-c-distroless', {
    Kraftfile: v07(...LABELS, ...EROFS, 'cmd: ["/server"]'),
    Dockerfile:
      'FROM gcc:13.2 AS build\nCOPY server.c /server.c\nRUN gcc -o /server /server.c\n\nFROM gcr.io/distroless/cc-debian12:nonroot\nCOPY --from=build /server /server\n',
    'server.c': 'int main(void) { return 0; }\n',
    'README.md': readme('httpserver-c-distroless', 8080, 'Hello, World!'),
  }),
  ...within('httpserver-python3.12', {
    Kraftfile: v07(
      ...EROFS,
      'env:',
      '  GREETING: Hello',
      '',
      'cmd: ["/usr/local/bin/python", "/src/server.py"]',
    ),
    Dockerfile: 'FROM python:3.12-alpine\nCOPY server.py /src/server.py\n',
    'server.py': '',
    'README.md': readme('httpserver-python3.12', 8000, null),
    'test_httpserver-python3.12.py': cloudTest('httpserver-python3.12', 8000, 'Hello'),
  }),
  ...within('httpserver-erlang26.2', {
    Kraftfile: v07(...EROFS, 'cmd: ["/usr/bin/wrapper.sh", "/usr/bin/erl"]'),
    Dockerfile: 'FROM erlang:26.2\nCOPY wrapper.sh /usr/bin/wrapper.sh\n',
    'wrapper.sh': '#!/bin/sh\nexec "$@"\n',
    'README.md': readme('httpserver-erlang26.2', 8080, null),
  }),
  ...within('redis7.2', {
    Kraftfile: v07(
      'rootfs:',
      '  source:',
      '    path: .',
      '    dockerfile: docker/Dockerfile',
      '  format: erofs',
      '',
      'cmd: ["/usr/local/bin/redis-server"]',
    ),
    'docker/Dockerfile': 'FROM redis:7.2\n',
    'README.md':
      shell('unikraft run -p 6379:6379/tls -m 512M --image <my-org>/redis72') +
      shell('redis-cli -p 6379 ping') +
      text('PONG'),
  }),
  ...within('nginx', {
    Kraftfile: ['spec: v0.6', '', 'runtime: nginx:latest', '', ...LABELS, 'rootfs: ./Dockerfile', ''].join(
      '\n',
    ),
    Dockerfile: 'FROM scratch\nCOPY html /wwwroot\n',
    'html/index.html': 'Hello\n',
    'README.md': '```console\nkraft cloud deploy --metro fra0 -p 443:8080 .\n```\n',
  }),
  ...within('caddy', {
    Kraftfile: ['spec: v0.6', '', 'runtime: caddy:latest', '', ...LABELS, 'rootfs: ./rootfs', ''].join('\n'),
    'rootfs/index.html': 'Hello\n',
    'README.md': '```console\nkraft cloud deploy --metro fra0 -p 443:2015 .\n```\n',
  }),
  ...within('imaginary', { Kraftfile: 'spec: v0.6\n\nruntime: imaginary:latest\n' }),
  ...within('helloworld-c', {
    Kraftfile: v07(...EROFS, 'cmd: ["/helloworld"]'),
    Dockerfile: 'FROM scratch\nCOPY helloworld /helloworld\n',
    helloworld: '',
    'RunConfig.yaml':
      'RunMetadata:\n  Memory: 64\n  Networking: false\n  ExposedPort: 0\n\nTestingType: no-command\nExpectedOutput:\n  - "Hello, World!"\n',
  }),
  ...within('express', {
    Kraftfile: v07('roms:', '  - ./rom', '', ...EROFS, 'cmd: ["/usr/bin/node", "/src/server.js"]'),
    Dockerfile: 'FROM node:21-alpine\n',
    'RunConfig.yaml':
      'RunMetadata:\n  Memory: 512\n  ExposedPort: 3000\n  PublicPort: 3001\n\nListOfCommands:\n  - curl localhost:3001\n\nExpectedOutput:\n  - Bye, World!\n',
  }),
  ...within('shop', SERVICES),
};
