import { describe, expect, test } from 'vitest';
import { runCheck } from '../../src/check/run-check.ts';
import type { Files } from '../support/catalog.ts';
import { CLEAN, row } from './clean-catalog.ts';
import { folderWith } from './folder.ts';

const NGINX = 'library/nginx/1.25';
const HELLO = 'examples/helloworld-gcc13.2';
const SERVER = 'examples/httpserver-python3.12';

const dockerfile = (text: string): Files => ({ [`${HELLO}/Dockerfile`]: text });
const scratch = (...lines: string[]): Files =>
  dockerfile(['FROM gcc:13.2.0 AS build', '', 'FROM scratch', '', ...lines, ''].join('\n'));
const HELLOWORLD = 'COPY --from=build /helloworld /helloworld';

const RIGHT: readonly [name: string, files: Files][] = [
  ['the whole context copied', scratch('COPY . /app', HELLOWORLD)],
  ['a program in a directory that is copied', scratch('COPY --from=build /target /')],
  [
    'directories copied over one another',
    scratch('COPY --from=build /a /usr', 'COPY ./themes /usr', HELLOWORLD),
  ],
  ['directories that WORKDIR makes', scratch(HELLOWORLD, 'WORKDIR /run', 'WORKDIR /var/lib/x', 'WORKDIR /')],
  [
    'object files that git ignores or others made, and a 3D model',
    {
      [`${HELLO}/.gitignore`]: '/.unikraft/\nbuild/\n',
      [`${HELLO}/build/a.o`]: '',
      [`${HELLO}/vendor/a.o`]: '',
      [`${HELLO}/pages/cube.obj`]: 'v 0 0 0\n',
    },
  ],
  [
    'a Go module without requirements',
    {
      ...scratch('COPY ./go.mod ./', 'RUN go build', HELLOWORLD),
      [`${HELLO}/go.mod`]: 'module a\n\ngo 1.21\n',
    },
  ],
  [
    'a Go module that vendors what it requires',
    {
      ...scratch('COPY . ./', 'RUN go build', HELLOWORLD),
      [`${HELLO}/go.mod`]: 'module a\n\nrequire b.org/c v1.0.0\n',
      [`${HELLO}/vendor/modules.txt`]: '# b.org/c v1.0.0\n',
    },
  ],
  [
    'a Go module whose sums the build writes',
    {
      ...scratch('COPY ./go.mod ./', 'RUN go mod tidy && go build', HELLOWORLD),
      [`${HELLO}/go.mod`]: 'module a\n\nrequire b.org/c v1.0.0\n',
    },
  ],
  ['a stage by its number', scratch('COPY --from=0 /helloworld /helloworld')],
  [
    'an image that is copied from by its bare name',
    scratch('COPY --from=busybox /bin/sh /bin/sh', HELLOWORLD),
  ],
  [
    'a stage that only a mount uses',
    dockerfile(
      'FROM alpine:3 AS tools\n\nFROM gcc:13.2.0\n\nRUN --mount=from=tools,target=/tools /tools/bin/make\n',
    ),
  ],
  ['a stage that only a stage begins with', dockerfile('FROM gcc:13.2.0 AS base\n\nFROM base\n')],
  [
    'stages after the stage that the settings name',
    {
      ...dockerfile('FROM gcc:13.2.0 AS app\n\nFROM app AS debug\n\nUSER nobody\n'),
      [`${HELLO}/kraft-slim.yaml`]: 'build: { target: debug }\n',
    },
  ],
  [
    'an image whose tag the settings of a directory above give',
    {
      ...dockerfile('ARG TAG\n\nFROM gcc:$TAG\n'),
      'examples/kraft-slim.yaml': 'build: { args: { TAG: "13.2.0" } }\n',
    },
  ],
  [
    'stages that a build argument picks, and those they begin with',
    dockerfile(
      [
        'ARG MODE=prod',
        'FROM gcc:13.2.0 AS tools',
        'FROM gcc:13.2.0 AS base-prod',
        'FROM tools AS base-dev',
        `FROM base-\${MODE} AS build`,
        'FROM scratch',
        HELLOWORLD,
      ]
        .join('\n\n')
        .concat('\n'),
    ),
  ],
  [
    'a stage of tests over a stage that is used',
    dockerfile(`FROM gcc:13.2.0 AS build\n\nFROM build AS test\n\nRUN /a\n\nFROM scratch\n\n${HELLOWORLD}\n`),
  ],
  [
    'a rootfs and a source of COPY that git ignores',
    {
      ...scratch('COPY ./out/app.bin /helloworld', 'COPY --from=build /a /a'),
      [`${HELLO}/.gitignore`]: '/.unikraft/\n/out/*.bin\n',
      'examples/httpserver-python3.12/.gitignore': '/.unikraft/\nrootfs/\n',
      [`${SERVER}/Kraftfile`]: (text) => text.replace('./Dockerfile', './build/rootfs'),
      [`${SERVER}/Dockerfile`]: null,
      [`${SERVER}/.dockerignore`]: null,
    },
  ],
  [
    'a script and a program of PATH on base-compat',
    {
      ...scratch('COPY ./run.sh /run.sh', HELLOWORLD),
      [`${HELLO}/run.sh`]: '#!/bin/sh\nexec true\n',
      [`${HELLO}/Kraftfile`]: (text) =>
        text.replace('base:latest', 'base-compat:latest').replace('"/helloworld"', '"/run.sh"'),
      [`${SERVER}/Kraftfile`]: (text) =>
        text.replace('python:3.12', 'base-compat:latest').replace('"/usr/bin/python3"', '"python3"'),
    },
  ],
  [
    'a program of a runtime that is called base by another name',
    {
      ...dockerfile('FROM scratch\n\nCOPY ./helloworld.c /\n'),
      [`${HELLO}/Kraftfile`]: (text) => text.replace('base:latest', 'node/base:latest'),
    },
  ],
  [
    'an ADD of a git repository at a full commit',
    scratch(
      `ADD https://github.com/x/y.git#${'0a'.repeat(20)} /src`,
      `ADD https://github.com/x/y.git?ref=main&commit=${'0a'.repeat(20)} /other`,
      HELLOWORLD,
    ),
  ],
  [
    'a base image by an argument or its digest',
    dockerfile(
      `ARG VERSION=13.2.0\n\nFROM gcc:\${VERSION} AS build\n\nFROM debian@sha256:${'0'.repeat(64)}\n\nCOPY --from=build /a /a\n`,
    ),
  ],
  [
    'an ADD with a checksum, and one of a local archive',
    {
      ...scratch(
        `ADD --checksum=sha256:${'0'.repeat(64)} https://example.org/a /a`,
        'ADD ./files.tar /',
        HELLOWORLD,
      ),
      [`${HELLO}/files.tar`]: '',
    },
  ],
  [
    'a file that is written in the Dockerfile, spaces at line ends and all',
    scratch(HELLOWORLD, 'COPY <<EOF /etc/motd', 'Hello  ', 'EOF'),
  ],
  ['a glob that matches nothing yet', scratch('COPY ./*.conf /etc/', HELLOWORLD)],
  [
    'commands of an image that is not slimmed yet',
    dockerfile('FROM gcc:13.2.0\n\nUSER nobody\n\nCMD ["/a"]\n'),
  ],
  [
    'a CMD where no Kraftfile has a command',
    {
      [`${SERVER}/Kraftfile`]: (text) => text.replace(/\ncmd: .*\n/, ''),
      [`${SERVER}/Dockerfile`]: 'FROM scratch\n\nCOPY ./server.py /server.py\n\nCMD ["/server.py"]\n',
    },
  ],
  [
    'arguments for the runtime’s own program',
    {
      [`${SERVER}/Kraftfile`]: (text) => text.replace(/cmd: .*/, 'cmd: ["/server.py"]'),
    },
  ],
  [
    'a shorter version than the directory’s, and a tag without a version',
    {
      [`${NGINX}/Dockerfile`]: (text) =>
        text.replace('nginx:1.25.3-bookworm', 'nginx:1').replace('alpine:3 ', 'nginx:mainline '),
    },
  ],
  [
    'several Kraftfiles, each with its own name',
    {
      [`${HELLO}/Kraftfile`]: null,
      [`${HELLO}/Kraftfile.ls`]: (CLEAN[`${HELLO}/Kraftfile`] as string).replace(
        'name: helloworld-gcc13.2',
        'name: ls',
      ),
      [`${HELLO}/Kraftfile.wc`]: (CLEAN[`${HELLO}/Kraftfile`] as string).replace(
        'name: helloworld-gcc13.2',
        'name: helloworld-gcc13.2-wc',
      ),
    },
  ],
  [
    'a README that asks another machine, or a port that no line maps in another way',
    {
      [`${HELLO}/README.md`]: (text) =>
        text.replace('curl localhost:8080', 'curl https://example.org:9090\ncurl localhost:8080'),
    },
  ],
  [
    'a README whose -K stands for any Kraftfile',
    {
      [`${HELLO}/README.md`]: (text) => text.replace('-M 256M .', '-M 256M -K Kraftfile.<name> .'),
    },
  ],
  [
    'a README that breaks a line, and shows what ends in spaces',
    {
      [`${HELLO}/README.md`]: (text) =>
        text.replace('Clone this repository.', 'Clone this  \nrepository.\n\n```text\nHello  \n```'),
    },
  ],
  [
    'a .gitignore and a .dockerignore in other words',
    {
      '.gitignore': '**/.unikraft\n.config*\n',
      [`${NGINX}/.gitignore`]: '*.o\n',
      [`${NGINX}/.dockerignore`]: '*\n!nginx.conf\n',
    },
  ],
  [
    'a table in which 1.25 stands before 1.9, as by their letters',
    {
      'README.md': (text) =>
        text.replace(row('nginx', '1.9') + row('nginx', '1.25'), row('nginx', '1.25') + row('nginx', '1.9')),
    },
  ],
  [
    'a catalog without a README and workflows',
    {
      'README.md': null,
      ...Object.fromEntries(
        Object.keys(CLEAN)
          .filter((name) => name.startsWith('.github/'))
          .map((name) => [name, null]),
      ),
    },
  ],
  [
    'texts that the .editorconfig asks nothing of',
    {
      '.editorconfig': 'root = true\n',
      [`${HELLO}/Dockerfile`]: (text) => text.replaceAll('\n', '\r\n'),
      [`${HELLO}/helloworld.c`]: 'int a; ',
    },
  ],
  [
    'a relative source of COPY --from that is written from the root',
    {
      [`${HELLO}/Dockerfile`]: (text) =>
        text
          .replace('RUN gcc', 'WORKDIR /src\n\nRUN gcc')
          .replace('/helloworld /src', '/src/helloworld /src')
          .replace('--from=build /helloworld', '--from=build src/helloworld'),
    },
  ],
  [
    'an object file that git ignores, a pinned kernel, and a title about a program in its language',
    {
      [`${HELLO}/helloworld.o`]: '',
      [`${HELLO}/.gitignore`]: '/.unikraft/\n*.o\n',
      [`${NGINX}/Kraftfile`]: (text) =>
        text
          .replace('version: staging\n  kconfig', "version: '0.17'\n  kconfig")
          .replace('CONFIG_LIBRAMFS', 'CONFIG_LIBVFSCORE')
          .replace('CONFIG_LIBUKCPIO', 'CONFIG_LIBUKSWRAND'),
      [`${SERVER}/README.md`]: (text) => text.replace(/^# .*/, '# A Python Server for Ruby and C'),
    },
  ],
  [
    'a build in Rust with its lock file, as a pattern or as a directory',
    {
      [`${HELLO}/Dockerfile`]: (text) =>
        text.replace('RUN gcc', 'COPY ./Cargo.* /src/\n\nRUN cargo build\n\nRUN gcc'),
      [`${HELLO}/Cargo.toml`]: '[package]\n',
      [`${HELLO}/Cargo.lock`]: '\n',
      [`${SERVER}/Dockerfile`]: (text) => text.replace('RUN ', 'COPY . /src\n\nRUN cargo build\n\nRUN '),
      [`${SERVER}/Cargo.toml`]: '[package]\n',
      [`${SERVER}/Cargo.lock`]: '\n',
    },
  ],
  [
    'data of an app, and what programs write',
    {
      [`${HELLO}/data.txt`]: 'a ',
      [`${HELLO}/package-lock.json`]: '{ }',
      [`${HELLO}/image.png`]: '\u0089PNG\0 ',
    },
  ],
];

describe('nothing is wrong with', () => {
  test.each(RIGHT)('%s', async (_, files) => {
    await using folder = await folderWith(files);
    const { findings } = await runCheck([folder.path], { only: [], skip: [], fix: false });
    expect(findings.map(({ code, file, message }) => ({ code, file, message }))).toEqual([]);
  });
});

test('a Dockerfile that the tool has written is as it should be', async () => {
  const generated = `FROM gcc:13.2.0-bookworm AS build

COPY ./helloworld.c /src/helloworld.c

# kraft-slim: v=1 before=build minimal=none above=0123456789abcdef stage=0123456789abcdef
FROM scratch

# Executable
COPY --from=build /helloworld /helloworld

# Libraries
COPY --from=build \\
    /lib/x86_64-linux-gnu/libc.so.6 \\
    /lib/x86_64-linux-gnu/libm.so.6 \\
    /lib/x86_64-linux-gnu/

# Dynamic linker / loader
COPY --from=build /lib64/ld-linux-x86-64.so.2 /lib64/ld-linux-x86-64.so.2

# Directories that have to exist
WORKDIR /run
WORKDIR /
`;
  await using folder = await folderWith(dockerfile(generated));
  expect((await runCheck([folder.path], { only: [], skip: [], fix: false })).findings).toEqual([]);
});
