import { execFileSync } from 'node:child_process';
import { mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import type { SmallEntry } from '../../support/small-entry.ts';
import type { HostileRow } from '../row.ts';

/** A build that ends at once, when all that is read has been read. */
const FAILS = ['FROM scratch', 'COPY missing /x'];

/** A Kraftfile, and a README and settings, may have a little more. */
const MANY_BYTES = 100_000;

const kraftfile = (more: string) =>
  `spec: v0.6\n\nruntime: base:latest\n\nrootfs: ./Dockerfile\n\ncmd: ["/nowhere"]\n${more}\n`;

/** Pieces by their number, until they have so many characters. */
function filled(piece: (at: number) => string, bytes = MANY_BYTES): string {
  let text = '';
  for (let at = 0; text.length < bytes; at += 1) text += piece(at);
  return text;
}

const readme = (text: string) => ({ 'README.md': `# App\n\n${text}\n` });

type Texts = readonly [name: string, tries: string, ends: HostileRow['ends'], files: HostileRow['files']];

/** Files of an entry whose build ends at once. */
const TEXTS: readonly Texts[] = [
  [
    'kraftfile-keys',
    'very many keys',
    'build-failed',
    { Kraftfile: kraftfile(filled((at) => `k${at}: 1\n`)) },
  ],
  [
    'kraftfile-repeats',
    'one key very often',
    'kraftfile-invalid',
    { Kraftfile: kraftfile('k: 1\n'.repeat(20_000)) },
  ],
  [
    'kraftfile-merges',
    'merge keys of maps with merge keys',
    'kraftfile-invalid',
    {
      Kraftfile: kraftfile(
        `a0: &a0 {z: 1}\n${filled((at) => `a${at + 1}: &a${at + 1} {<<: [*a${at}, *a${at}]}\n`)}`,
      ),
    },
  ],
  ['kraftfile-documents', 'very many documents', 'kraftfile-invalid', { Kraftfile: '---\n'.repeat(25_000) }],
  [
    'kraftfile-faults',
    'very many faults',
    'kraftfile-invalid',
    { Kraftfile: kraftfile(']\n'.repeat(50_000)) },
  ],
  [
    'kraftfile-large',
    'a Kraftfile of 900 KiB',
    'limit-exceeded',
    { Kraftfile: kraftfile('#\n'.repeat(450_000)) },
  ],
  [
    'kraftfile-volumes',
    'very many volumes',
    'build-failed',
    { Kraftfile: kraftfile(`volumes:\n${filled((at) => `  - ./v${at}:/v${at}\n`)}`) },
  ],
  [
    'kraftfile-dollars',
    'very many variables in a value',
    'build-failed',
    { Kraftfile: kraftfile(`env:\n  A: "${'${X}'.repeat(25_000)}"`) },
  ],
  [
    'config-keys',
    'very many unknown keys',
    'config-invalid',
    { 'kraft-slim.yaml': filled((at) => `k${at}: 1\n`) },
  ],
  [
    'config-globs',
    'very many globs of stars',
    'limit-exceeded',
    { 'kraft-slim.yaml': `keep:\n${filled((at) => `  - "/**/*a${at}*"\n`)}` },
  ],
  [
    'config-sections',
    'very many sections for entries',
    'build-failed',
    { 'kraft-slim.yaml': `entries:\n${filled((at) => `  "**/*a*${at}*": {}\n`)}` },
  ],
  [
    'dockerfile-variables',
    'very many variables',
    'limit-exceeded',
    { Dockerfile: `FROM scratch\n${filled((at) => `ARG A${at}=1\n`, 20_000)}` },
  ],
  [
    'dockerfile-doubles',
    'a variable that doubles with each line',
    'limit-exceeded',
    { Dockerfile: `FROM scratch\nENV A=aaaaaaaa\n${'ENV A=$A$A\n'.repeat(60)}` },
  ],
  [
    'dockerfile-instructions',
    'very many instructions',
    'limit-exceeded',
    { Dockerfile: `FROM scratch\n${'USER a\n'.repeat(50_000)}` },
  ],
  [
    'dockerfile-sources',
    'a COPY of very many files',
    'build-failed',
    { Dockerfile: `FROM scratch\nCOPY ${filled((at) => `a${at} `)} /x/\n` },
  ],
  [
    'dockerfile-ports',
    'all ports twice',
    'build-failed',
    { Dockerfile: `FROM scratch\n${'EXPOSE 1-65535\n'.repeat(2)}COPY missing /x\n` },
  ],
  [
    'dockerfile-comments',
    'nothing but comments',
    'dockerfile-invalid',
    { Dockerfile: '#\n'.repeat(100_000) },
  ],
  [
    'readme-commands',
    'very many commands',
    'limit-exceeded',
    readme(`\`\`\`\n${'kraft run .\n'.repeat(20_000)}\`\`\``),
  ],
  ['readme-brackets', 'links within links', 'build-failed', readme('[a]('.repeat(100_000))],
  ['readme-quotes', 'quotes within quotes', 'build-failed', readme('> '.repeat(200_000))],
  [
    'readme-lists',
    'lists within lists',
    'build-failed',
    readme(filled((at) => `${' '.repeat(at)}- a\n`, 500_000)),
  ],
  [
    'readme-backslashes',
    'a command that never ends',
    'build-failed',
    readme(`\`\`\`\nkraft run .${' \\\n'.repeat(100_000)}\`\`\``),
  ],
  [
    'readme-open-quote',
    'a word that never ends',
    'build-failed',
    readme(`\`\`\`\nkraft run "${'$('.repeat(100_000)}\n\`\`\``),
  ],
  [
    'ignore-rules',
    'very many rules',
    'build-failed',
    { '.dockerignore': filled((at) => `**/a${at}*\n!**/b${at}\n`, 900_000) },
  ],
];

const texts: readonly HostileRow[] = TEXTS.map(([name, tries, ends, files = {}]) => ({
  name,
  tries,
  ends,
  entry: { dockerfile: FAILS },
  files,
  // a CI takes those that end before a build
  ...(ends === 'build-failed' ? { soak: true as const } : {}),
}));

/** The variables are the shell's: a Kraftfile gives its reader `$` by `$$`. */
const runs = (shell: string): SmallEntry => ({
  cmd: ['/bin/bash', '-c', shell.replaceAll('$', () => '$$')],
});
const tight = (limits: string) => ({ 'kraft-slim.yaml': `workload: {limits: {${limits}}}\n` });

/** What is read, waited for or kept without an end, unless something sets it an end. */
export const LIMIT_ROWS: readonly HostileRow[] = [
  ...texts,
  {
    name: 'context-sparse',
    tries: 'a build context of 8 GiB',
    ends: 'limit-exceeded',
    plant: async ({ at }) => {
      await writeFile(at('sparse'), '');
      await truncate(at('sparse'), 8 * 1024 ** 3);
    },
    uncommitted: true,
  },
  {
    name: 'context-deep',
    tries: 'a build context of directories within directories',
    ends: 'build-failed',
    entry: { dockerfile: FAILS },
    plant: ({ at }) => mkdir(at('d/'.repeat(1000)), { recursive: true }),
    uncommitted: true,
  },
  {
    name: 'context-rules',
    tries: 'very many rules of an ignore file over very many files',
    ends: 'limit-exceeded',
    entry: { dockerfile: FAILS },
    files: { '.dockerignore': filled((at) => `**/a${at}*\n!**/b${at}\n`, 900_000) },
    plant: async ({ at }) => {
      await mkdir(at('many'));
      for (let file = 0; file < 2000; file += 1) await writeFile(at(`many/${file}`), '');
    },
    uncommitted: true,
    soak: true,
  },
  {
    name: 'kraftfiles',
    tries: 'Kraftfiles of which each may belong to the Dockerfile of every other',
    ends: 'limit-exceeded',
    plant: async ({ at }) => {
      await rm(at('Kraftfile'));
      for (let file = 0; file < 1000; file += 1) {
        const dockerfile = `Dockerfile.${file}`;
        await writeFile(at(`Kraftfile.${file}`), kraftfile('').replace('Dockerfile', dockerfile));
        await writeFile(at(dockerfile), FAILS.join('\n'));
      }
    },
  },
  {
    name: 'context-links-in-circles',
    tries: 'links that lead to each other, and to the directory that they are in',
    ends: 'build-failed',
    entry: { dockerfile: FAILS },
    plant: async ({ at }) => {
      await symlink('.', at('self'));
      await symlink('b', at('a'));
      await symlink('a', at('b'));
    },
  },
  {
    name: 'dockerfile-ignore-pipe',
    tries: 'a pipe in the place of the ignore file of a Dockerfile',
    ends: 'refused',
    plant: ({ at }) => execFileSync('mkfifo', [at('Dockerfile.dockerignore')]),
  },
  {
    name: 'build-endless-log',
    tries: 'a build that prints 40 MB on one line, and fails',
    ends: 'build-failed',
    soak: true,
    entry: { dockerfile: ['FROM debian:bookworm', "RUN head -c 40000000 /dev/zero | tr '\\0' x; exit 1"] },
  },
  {
    name: 'app-endless-output',
    tries: 'an app that prints without end',
    ends: 'limit-exceeded',
    soak: true,
    entry: runs('lines=$(printf "Hello%.0s" {1..20000}); while :; do echo "$lines"; done'),
    files: tight('probeSeconds: 60'),
  },
  {
    name: 'app-deaf',
    tries: 'an app that never ends and ignores signals',
    ends: 'workload-failed',
    soak: true,
    entry: runs("trap '' TERM INT HUP; while :; do sleep 1; done"),
    files: tight('readySeconds: 3, probeSeconds: 3'),
  },
  {
    name: 'app-forks',
    tries: 'an app that starts itself without end',
    ends: 'workload-failed',
    soak: true,
    entry: runs('f() { f | f & }; f; sleep 60'),
    files: tight('readySeconds: 3, probeSeconds: 3, pids: 32'),
  },
  {
    name: 'app-fills-volume',
    tries: 'an app that fills a volume of its image',
    ends: 'limit-exceeded',
    soak: true,
    entry: {
      dockerfile: ['FROM debian:bookworm', 'VOLUME /data', 'RUN echo Hello > /hello'],
      ...runs(
        'for n in {1..40}; do head -c 10000000 /dev/zero > /data/$n; sleep 0.2; done; cat /hello; sleep 90',
      ),
    },
    // the engine counts volumes slowly on a busy machine
    files: tight('probeSeconds: 60, disk: 64M'),
  },
];
