import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectEngine } from '../../src/engine/connect.ts';
import { staticBusybox } from '../../src/workload/helper-images.ts';
import { type Catalog, catalogOf } from './catalog.ts';
import { APP, smallEntry } from './small-entry.ts';

/** A root file system of a busybox and two files, so that a run takes no longer than it must. */
const DOCKERFILE = [
  'FROM scratch AS base',
  'COPY busybox /bin/busybox',
  'RUN ["/bin/busybox", "cp", "/bin/busybox", "/unused"]',
  'FROM base',
  'COPY hello /hello',
];

/** A catalog of entries in these directories: each prints a file, over a busybox alone. */
export async function tinyCatalog(directories: readonly string[] = [APP]): Promise<Catalog> {
  const entry = smallEntry({ dockerfile: DOCKERFILE, cmd: ['/bin/busybox', 'cat', '/hello'] });
  const files = Object.entries({ ...entry, [`${APP}/hello`]: 'Hello\n' });
  const all = directories.flatMap((name) =>
    files.map(([path, text]) => [path.replace(APP, name), text] as const),
  );
  const made = await catalogOf(Object.fromEntries(all));
  const busybox = await staticBusybox(await connectEngine());
  for (const name of directories) await writeFile(join(made.path, name, 'busybox'), busybox, { mode: 0o755 });
  await made.commit();
  return made;
}
