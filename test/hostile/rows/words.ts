import { execFileSync } from 'node:child_process';
import type { HostileRow } from '../row.ts';

const ESC = '\u001b';
const OSC = `${ESC}]8;;https://evil.example\u0007`;
const COMMANDS =
  '::error file=x::forged\n::stop-commands::x\n##[error]forged\n##vso[task.setvariable variable=x]y';

/** Shell text that prints each of these. */
const PRINTED =
  "printf '\\033[2J\\033]0;title\\007\\r::error::forged\\n::stop-commands::x\\n##[error]forged\\n'";

/** A build that ends at once, when all that is read has been read. */
const FAILS = ['FROM scratch', 'COPY missing /x'];

const names: readonly (readonly [string, string])[] = [
  [`name-escape-${ESC}[2J`, 'an escape sequence'],
  [`name-osc-${ESC}]0;title\u0007`, 'a sequence that sets the title of a terminal'],
  [`name-c1-\u009b31m`, 'a control character of eight bits'],
  ['name-return-\rok', 'a carriage return'],
  ['name-break-\n::error::forged', 'a line break and a workflow command'],
  ['name-refs-\ndelete refs\0heads\0main'.replaceAll('\0', ' '), 'a line break and a command of git'],
  ['name-bidi-\u202etxt.exe', 'a character that turns the direction of text'],
  ['name-separator-\u2028::warning::forged', 'a line separator of Unicode'],
];

const hostileNames: readonly HostileRow[] = names.map(([name, what]) => ({
  name,
  tries: `${what} in the entry's name`,
  ends: 'rootfs-missing',
  // what is shown is the point, not what is built
  entry: { dockerfile: null },
}));

/** Foreign text on its way to a terminal, a log, Markdown, a Dockerfile. */
export const WORD_ROWS: readonly HostileRow[] = [
  ...hostileNames,
  {
    name: '::stop-commands::forged',
    tries: 'a workflow command as the name',
    ends: 'rootfs-missing',
    entry: { dockerfile: null },
  },
  {
    name: '--help',
    tries: 'an option as the name',
    ends: 'rootfs-missing',
    entry: { dockerfile: null },
  },
  {
    name: 'name [a-z]*?{b,c} $(id) `id`',
    tries: 'globs and shell text in the name',
    ends: 'rootfs-missing',
    entry: { dockerfile: null },
  },
  {
    name: 'name-ends-in-blank ',
    tries: 'a blank at the end of the name',
    ends: 'slimmed',
  },
  {
    name: 'build-output',
    tries: "escape sequences and workflow commands in a failing build's output",
    ends: 'build-failed',
    entry: { dockerfile: ['FROM debian:bookworm', `RUN ${PRINTED}; ${PRINTED} >&2; exit 1`] },
  },
  {
    name: 'app-output',
    tries: "the same in the app's output",
    ends: 'workload-failed',
    entry: { cmd: ['/bin/bash', '-c', `${PRINTED}; ${PRINTED} >&2; exit 1`] },
  },
  {
    name: 'readme-title',
    tries: 'mentions, closing words, links and images in the README',
    ends: 'build-failed',
    entry: { dockerfile: FAILS },
    files: {
      'README.md': `# @octocat closes #1 ![x](https://evil.example) ${OSC}\n\n\`\`\`\nkraft run .\n\`\`\`\n\n${COMMANDS}\n`,
    },
  },
  {
    name: 'kraftfile-escape',
    tries: 'escape sequences and commands at the place of a fault in the Kraftfile',
    ends: 'kraftfile-invalid',
    files: {
      Kraftfile: `spec: v0.6\nrootfs: ./Dockerfile\ncmd: {"${ESC}[2J\\n::error::forged": [}\n${COMMANDS}\n`,
    },
  },
  {
    name: 'kraftfile-unknown-key',
    tries: 'a key of commands',
    ends: 'build-failed',
    entry: { dockerfile: FAILS },
    files: {
      Kraftfile:
        'spec: v0.6\nruntime: base:latest\nrootfs: ./Dockerfile\ncmd: ["/nowhere"]\n"x\\n::error::forged\\e[2J\\u202e": 1\n',
    },
  },
  {
    name: 'config-escape',
    tries: 'a key of commands in the settings',
    ends: 'config-invalid',
    files: { 'kraft-slim.yaml': '"x\\n::error::forged\\e[2J\\r\\u202e": 1\n' },
  },
  {
    name: 'dockerfile-escape',
    tries: 'an instruction of commands',
    ends: 'dockerfile-invalid',
    entry: { dockerfile: ['FROM debian:bookworm', `${ESC}[2J\r::error::forged \u202e x`, 'COPY'] },
  },
  {
    name: 'dockerfile-platform',
    tries: 'a base image whose name is commands',
    ends: 'build-failed',
    entry: { dockerfile: [`FROM ::error::forged${ESC}[2J`, 'RUN true'] },
  },
  {
    name: 'cmd-escape',
    tries: 'a program whose name is commands',
    ends: 'cmd-not-found',
    entry: { cmd: [`/x\n::error::forged${ESC}[2J\u202e`] },
  },
  {
    name: 'kept-name-break',
    tries: 'a kept directory whose name breaks out of its line of the Dockerfile',
    ends: ['refused', 'slimmed'],
    soak: true,
    entry: { dockerfile: ['FROM debian:bookworm', 'RUN echo Hello > /hello', 'COPY context /context'] },
    plant: ({ at }) => execFileSync('mkdir', ['-p', at('context/a\nRUN touch /pwned\n')]),
  },
  {
    name: 'kept-name-blank',
    tries: 'a kept directory whose name ends in a blank',
    ends: 'slimmed',
    soak: true,
    entry: { dockerfile: ['FROM debian:bookworm', 'RUN echo Hello > /hello', 'COPY context /context'] },
    plant: ({ at }) => execFileSync('mkdir', ['-p', at('context/ends ')]),
  },
  {
    name: 'needed-name-not-utf-8',
    tries: 'a needed file whose name is not UTF-8',
    ends: 'refused',
    soak: true,
    entry: {
      dockerfile: ['FROM debian:bookworm', 'RUN echo Hello > "$(printf \'/h\\377\')"'],
      cmd: ['/bin/bash', '-c', 'cat /h?'],
    },
  },
  {
    name: 'environment-break',
    tries: 'a value of the environment that breaks out of its line',
    ends: 'slimmed',
    soak: true,
    entry: {
      dockerfile: ['FROM debian:bookworm', 'RUN echo Hello > /hello', 'ENV A="b\\', 'RUN touch /pwned"'],
    },
    files: {
      Kraftfile:
        'spec: v0.6\n\nruntime: base:latest\n\nrootfs: ./Dockerfile\n\ncmd: ["/bin/cat", "/hello"]\n\nenv:\n  X: "a\\nRUN touch /pwned"\n',
    },
  },
];
