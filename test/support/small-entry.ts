import type { Files } from './catalog.ts';

/** The directory of the entry that `smallEntry` makes. */
export const APP = 'examples/app';

export type SmallEntry = {
  /** Lines of the Dockerfile; null for none. */
  readonly dockerfile?: readonly string[] | null;
  readonly cmd?: readonly string[];
  /** The fenced commands and the text that is expected of them. */
  readonly readme?: string;
};

const PRINTS = ['FROM debian:bookworm', 'RUN echo Hello > /hello'];

/** An entry over Debian's image alone, that builds in a second: by default one that prints a file. */
export function smallEntry({
  dockerfile = PRINTS,
  cmd = ['/bin/cat', '/hello'],
  readme = 'kraft run .\n```\n\n```\nHello',
}: SmallEntry = {}): Files {
  const kraftfile = `spec: v0.6\n\nruntime: base:latest\n\nrootfs: ./Dockerfile\n\ncmd: ${JSON.stringify(cmd)}\n`;
  return {
    [`${APP}/Kraftfile`]: kraftfile,
    [`${APP}/README.md`]: `# App\n\n\`\`\`\n${readme}\n\`\`\`\n`,
    ...(dockerfile === null ? {} : { [`${APP}/Dockerfile`]: `${dockerfile.join('\n')}\n` }),
  };
}
