import type { Files } from '../support/catalog.ts';

const README_END = `## Inspect and Close

\`\`\`bash
kraft ps
\`\`\`

To give it more memory:

\`\`\`bash
kraft run --rm -p 8080:8080 -M 512M .
\`\`\`
`;
const README_LEARN = `## \`kraft\` and \`sudo\`

Do not mix them.

## Learn More

- [Running unikernels](https://unikraft.org/docs/cli/running)
`;

function libraryReadme(title: string, image: string): string {
  return `# ${title}

## Run and Use

\`\`\`bash
kraft run --rm -p 8080:8080 -M 256M unikraft.org/${image}
\`\`\`

\`\`\`bash
curl localhost:8080
\`\`\`

\`\`\`text
Hello
\`\`\`

${README_END}
## Build and Run Locally

\`\`\`bash
kraft run --rm -p 8080:8080 -M 256M .
\`\`\`

${README_LEARN}`;
}

function exampleReadme(title: string): string {
  return `# ${title}

## Set Up

Clone this repository.

## Run and Use

\`\`\`bash
kraft run --rm -p 8080:8080 -M 256M .
\`\`\`

\`\`\`bash
curl localhost:8080
\`\`\`

${README_END}
${README_LEARN}`;
}

function libraryKraftfile(name: string, cmd: string): string {
  return `spec: v0.6

name: ${name}

rootfs: ./Dockerfile

cmd: ${cmd}

template:
  source: https://github.com/unikraft/app-elfloader.git
  version: staging

unikraft:
  source: https://github.com/unikraft/unikraft.git
  version: staging
  kconfig:
    CONFIG_LIBUKCPIO: 'y'
    CONFIG_LIBRAMFS: 'y'

libraries:
  libelf:
    source: https://github.com/unikraft/lib-libelf.git
    version: staging

targets:
- qemu/x86_64
`;
}

function workflow(name: string, version: string): string {
  const directory = `library/${name}/${version}`;
  const own = `.github/workflows/library-${name}${version}.yaml`;
  const paths = `    paths:
    - '${directory}/**'
    - '${own}'
    - '!${directory}/README.md'
`;
  return `name: library/${name}:${version}

on:
  push:
    branches: [main]
${paths}
  pull_request:
    branches: [main]
${paths}
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
    - uses: actions/checkout@v4
    - uses: unikraft/kraftkit@staging
      with:
        workdir: ${directory}
        output: oci://index.unikraft.io/unikraft.org/${name}:${version}
`;
}

/** A row of the table of images. */
export function row(name: string, version: string): string {
  const badge = `https://github.com/unikraft/catalog/actions/workflows/library-${name}${version}.yaml`;
  const image = `[\`unikraft.org/${name}:${version}\`](library/${name}/${version})`;
  return `| [![](${badge}/badge.svg)](${badge}) | ${image} |\n`;
}

/** A catalog in which nothing is to be found, with each sort of entry. */
export const CLEAN: Files = {
  '.editorconfig': `root = true

[*]
charset = utf-8
end_of_line = lf
insert_final_newline = true
trim_trailing_whitespace = true
`,
  'README.md': `# Catalog

| Example |
|-|
| [A greeting](examples/helloworld-gcc13.2) |
| [A server](https://github.com/unikraft/catalog/tree/main/examples/httpserver-python3.12) |

| Status | Image |
|-|-|
${row('nginx', '1.9')}${row('nginx', '1.25')}${row('python', '3.12')}`,
  ...Object.fromEntries(
    [
      ['nginx', '1.9'],
      ['nginx', '1.25'],
      ['python', '3.12'],
    ].map(([name = '', version = '']) => [
      `.github/workflows/library-${name}${version}.yaml`,
      workflow(name, version),
    ]),
  ),
  ...library('nginx', '1.9', 'FROM debian:bookworm AS build\n\nRUN apt-get install -y nginx\n'),
  ...library(
    'nginx',
    '1.25',
    `FROM nginx:1.25.3-bookworm AS build

FROM alpine:3 AS sys

FROM scratch

# Executable
COPY --from=build /usr/sbin/nginx /usr/bin/nginx

# Libraries
COPY --from=build \\
    /lib/x86_64-linux-gnu/libc.so.6 \\
    /lib/x86_64-linux-gnu/libcrypt.so.1 \\
    /lib/x86_64-linux-gnu/

# CA bundle
COPY --from=sys /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/

COPY ./nginx.conf /etc/nginx/nginx.conf
`,
  ),
  'library/nginx/1.25/nginx.conf': 'events {}\n',
  'library/nginx/1.25/kraft-slim.yaml': 'keep: ["/etc/**"]\n',
  ...library('python', '3.12', 'FROM python:3.12.1\n', '["/usr/local/bin/python3"]'),
  'examples/httpserver-python3.12/Kraftfile': `spec: v0.6

name: httpserver-python3.12

runtime: python:3.12

rootfs: ./Dockerfile

cmd: ["/usr/bin/python3", "/server.py"]
`,
  'examples/httpserver-python3.12/Dockerfile': 'FROM scratch\n\nCOPY ./server.py /server.py\n',
  'examples/httpserver-python3.12/server.py': '#!/usr/bin/python3\nprint("hello")\n',
  'examples/httpserver-python3.12/README.md': exampleReadme('A server in Python'),
  'examples/httpserver-python3.12/.gitignore': '/.unikraft/\n',
  'examples/httpserver-python3.12/.dockerignore': '/.unikraft/\n',
  'examples/helloworld-gcc13.2/Kraftfile': `spec: v0.6

name: helloworld-gcc13.2

runtime: base:latest

rootfs: ./Dockerfile

cmd: ["/helloworld"]
`,
  'examples/helloworld-gcc13.2/Dockerfile': `FROM gcc:13.2.0-bookworm AS build

COPY ./helloworld.c /src/helloworld.c

RUN gcc -static-pie -o /helloworld /src/helloworld.c

FROM scratch

COPY --from=build /helloworld /helloworld
`,
  'examples/helloworld-gcc13.2/helloworld.c': 'int main(void) { return 0; }\n',
  'examples/helloworld-gcc13.2/README.md': exampleReadme('A greeting in C'),
  'examples/helloworld-gcc13.2/.gitignore': '/.unikraft/\n',
  'examples/helloworld-gcc13.2/.dockerignore': '/.unikraft/\n',
  // a theme by another author, with a Kraftfile and a Dockerfile
  'examples/helloworld-gcc13.2/themes/x/Kraftfile': 'spec: [\n',
  'examples/helloworld-gcc13.2/themes/x/Dockerfile': 'NONSENSE ',
  'native/http-c/Kraftfile': 'spec: v0.6\n\nname: http\n\nunikraft: stable\n',
  'native/http-c/README.md': '# HTTP\n\n## Build\n\n```\nkraft build\n```\n',
  'native/http-c/.gitignore': '/.unikraft/\n/.config*\n',
  'tests/os/Kraftfile': '',
  'tests/os/Dockerfile':
    'FROM gcc:13 AS build\n\nCOPY ./a /src\n\nFROM scratch\n\nCOPY --from=build /src/a /a\n',
  'tests/os/a/Kraftfile': 'spec: v0.6\n\nruntime: base:latest\n\nrootfs: ./Dockerfile\n\ncmd: ["/a"]\n',
  'tests/os/a/a.c': 'int main(void) { return 0; }\n',
};

function library(name: string, version: string, dockerfile: string, cmd = '["/usr/bin/nginx"]'): Files {
  const at = `library/${name}/${version}`;
  return {
    [`${at}/Kraftfile`]: libraryKraftfile(name, cmd),
    [`${at}/Dockerfile`]: dockerfile,
    [`${at}/README.md`]: libraryReadme(`${name} ${version}`, `${name}:${version}`),
    [`${at}/.gitignore`]: '/.unikraft/\n/.config*\n',
    [`${at}/.dockerignore`]: '/.unikraft/\n/.config*\n',
  };
}
