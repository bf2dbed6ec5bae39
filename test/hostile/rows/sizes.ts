import type { HostileRow } from '../row.ts';

/** A build that ends at once, when all that is read has been read. */
const FAILS = ['FROM scratch', 'COPY missing /x'];

/** Levels of an alias each of which stands for ten of the one before. */
const bomb = (levels: number) =>
  ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
    .concat(
      Array.from({ length: levels }, (_, at) => {
        const all = Array(10).fill(`*a${at}`).join(', ');
        return `a${at + 1}: &a${at + 1} [${all}]`;
      }),
    )
    .join('\n');

const kraftfile = (more: string) =>
  `spec: v0.6\n\nruntime: base:latest\n\nrootfs: ./Dockerfile\n\ncmd: ["/nowhere"]\n${more}\n`;

/** Text that takes much more time or memory than its size says. */
export const SIZE_ROWS: readonly HostileRow[] = [
  {
    name: 'ignore-stars',
    tries: 'an ignore file whose patterns take exponential time',
    ends: 'build-failed',
    entry: { dockerfile: FAILS },
    files: {
      '.dockerignore': `${'*a'.repeat(40)}*..b\n${'**/a'.repeat(30)}/b\n${'[!a]*'.repeat(40)}c\n`,
      [`${'a'.repeat(200)}`]: '',
    },
  },
  {
    name: 'keep-stars',
    tries: 'globs of the settings that take exponential time',
    ends: 'slimmed',
    soak: true,
    files: { 'kraft-slim.yaml': `keep: ["/${'*a'.repeat(40)}..b", "/${'**/'.repeat(40)}x"]\n` },
  },
  {
    name: 'readme-tabs',
    tries: 'a heading of tabs',
    ends: 'build-failed',
    entry: { dockerfile: FAILS },
    files: { 'README.md': `# ${'\t'.repeat(100_000)}x\n\n\`\`\`\nkraft run .\n\`\`\`\n` },
  },
  {
    name: 'readme-words',
    tries: 'very many words behind kraft run',
    ends: 'build-failed',
    entry: { dockerfile: FAILS },
    files: { 'README.md': `# App\n\n\`\`\`\nkraft run ${'-e A=b '.repeat(15_000)} .\n\`\`\`\n` },
  },
  {
    name: 'readme-fences',
    tries: 'very many fences and backticks',
    ends: 'build-failed',
    entry: { dockerfile: FAILS },
    files: { 'README.md': `# App\n\n${'`'.repeat(50_000)}\n${'```\n~~~\n'.repeat(5_000)}` },
  },
  {
    name: 'kraftfile-bomb',
    tries: 'aliases that stand for a thousand million words',
    ends: 'kraftfile-invalid',
    files: { Kraftfile: kraftfile(`\n${bomb(9)}`) },
  },
  {
    name: 'kraftfile-deep',
    tries: 'very many brackets within another',
    ends: 'kraftfile-invalid',
    files: { Kraftfile: kraftfile(`x: ${'['.repeat(100_000)}`) },
  },
  {
    name: 'kraftfile-variables',
    tries: 'defaults of variables within another',
    ends: 'kraftfile-invalid',
    files: { Kraftfile: kraftfile(`name: "${'${a:-'.repeat(20_000)}"`) },
  },
  {
    name: 'config-bomb',
    tries: 'the same aliases in the settings',
    ends: 'config-invalid',
    files: { 'kraft-slim.yaml': `${bomb(9)}\nkeep: *a9\n` },
  },
  {
    name: 'config-deep',
    tries: 'very many brackets within another, in the settings',
    ends: 'config-invalid',
    files: { 'kraft-slim.yaml': `keep: ${'['.repeat(100_000)}\n` },
  },
  {
    name: 'config-long-limit',
    tries: 'a time limit that no timer can hold',
    ends: 'slimmed',
    soak: true,
    files: { 'kraft-slim.yaml': 'workload: {limits: {readySeconds: 99999999}}\n' },
  },
  {
    name: 'dockerfile-stages',
    tries: 'very many stages',
    ends: 'limit-exceeded',
    entry: { dockerfile: Array(60_000).fill('FROM debian:bookworm') },
  },
  {
    name: 'dockerfile-continued',
    tries: 'an instruction of very many lines',
    ends: 'build-failed',
    entry: { dockerfile: [...FAILS, `RUN true ${' \\\n'.repeat(30_000)}`] },
  },
  {
    name: 'dockerfile-heredoc',
    tries: 'a heredoc without an end',
    ends: 'dockerfile-invalid',
    entry: {
      dockerfile: ['FROM debian:bookworm', 'COPY <<EOF /hello', 'Hello', ...Array(10_000).fill('<<E')],
    },
  },
  {
    name: 'too-big',
    tries: 'more than its own limit',
    ends: 'too-big',
    files: { 'kraft-slim.yaml': 'maxBytes: 1\n' },
  },
];
