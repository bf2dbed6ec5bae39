import { join } from 'node:path';
import { connectEngine } from '../../src/engine/connect.ts';
import { composeLaunch } from '../../src/entry/launch.ts';
import { readUnit } from '../../src/entry/read-unit.ts';
import { runOf } from '../../src/entry/readme-runs.ts';
import type { RootfsUnit } from '../../src/entry/unit.ts';
import { ENGINE_DIRECTORIES } from '../../src/image/engine-stubs.ts';
import { itemsOf, packItems } from '../../src/image/pack-tar.ts';
import type { ImagePath } from '../../src/shared/image-path.ts';
import { workloadFromReadme } from '../../src/workload/from-readme.ts';
import { emptyImage } from '../../src/workload/helper-images.ts';
import { judge } from '../../src/workload/judge.ts';
import { type RunRequest, runLaunch } from '../../src/workload/run-launch.ts';
import type { Catalog } from './catalog.ts';
import { fullImage } from './full-image.ts';
import { imageRootfs } from './image-rootfs.ts';

export type WithoutEach = {
  /** The held paths that are there, in byte order. */
  readonly held: readonly string[];
  /** Without how many paths the app was run. */
  readonly tried: number;
  /** Other files and empty directories without which the app still behaves as with all. */
  readonly survived: readonly ImagePath[];
};

export type WithoutOptions = {
  readonly held: readonly string[];
  /** Which of the files and empty directories that are not held are left out, each in its turn. */
  readonly some: (items: readonly ImagePath[]) => readonly ImagePath[];
};

/** Builds what is on disk, and runs its workload without some of its files and empty directories, each in its turn. */
export async function withoutEach(
  catalog: Catalog,
  entry: string,
  { held, some }: WithoutOptions,
): Promise<WithoutEach> {
  const engine = await connectEngine();
  await using slim = await fullImage(catalog, entry);
  await using full = await fullImage(catalog, entry, 'build');
  await using rootfs = await imageRootfs(engine, slim.id);
  const image = await engine.inspectImage(slim.id);
  if (image === undefined) throw new Error('the engine has lost the image');
  const unit = (await readUnit(join(catalog.path, entry))) as RootfsUnit;
  const readme = await catalog.read(`${entry}/README.md`);
  const workload = workloadFromReadme(readme);
  const { argv, env } = composeLaunch(unit.kraftfiles[0], image, { run: runOf(readme) });
  const empty = await emptyImage(engine);
  const observe = (paths: readonly ImagePath[]) => {
    const files: RunRequest['files'] = [() => packItems(itemsOf(rootfs, paths))];
    return runLaunch(engine, { image: empty, files, clients: full.id, argv, env, workload });
  };
  const all = [...rootfs.entries()].map(([path]) => path);
  const items = all.filter(
    (path) =>
      rootfs.lookup(path)?.type !== 'directory' ||
      (rootfs.list(path).length === 0 && !ENGINE_DIRECTORIES.has(path)),
  );
  const whole = await observe(all);
  const { fault } = judge(workload, whole, null);
  if (fault !== null) throw new Error(`the app does not behave on all of its files: ${fault.message}`);
  const survived: ImagePath[] = [];
  const chosen = some(items.filter((path) => !held.includes(path)));
  for (const gone of chosen) {
    const seen = await observe(all.filter((path) => path !== gone));
    if (judge(workload, seen, whole).fault === null) survived.push(gone);
  }
  return { tried: chosen.length, held: items.filter((path) => held.includes(path)), survived };
}
