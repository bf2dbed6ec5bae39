import type { Files } from '../support/catalog.ts';
import { APP, type SmallEntry, smallEntry } from '../support/small-entry.ts';

/** Small entries by their names below examples/. */
export function smallEntries(entries: Readonly<Record<string, SmallEntry>>): Files {
  const files = Object.entries(entries).flatMap(([name, entry]) =>
    Object.entries(smallEntry(entry)).map(([path, text]) => [path.replace(APP, `examples/${name}`), text]),
  );
  return Object.fromEntries(files) as Files;
}

/** An entry that prints its own name, and whose build takes a while before that. */
export function printing(name: string, buildSeconds = 0): SmallEntry {
  const wait =
    buildSeconds === 0 ? [] : [`RUN echo ${name} ${process.pid} ${Date.now()}; sleep ${buildSeconds}`];
  return {
    dockerfile: ['FROM debian:bookworm', ...wait, `RUN echo ${name} > /hello`],
    readme: `kraft run .\n\`\`\`\n\n\`\`\`\n${name}`,
  };
}
