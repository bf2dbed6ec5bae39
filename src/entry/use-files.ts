import { basename, dirname, join, posix, relative, sep } from 'node:path';
import { README } from '../catalog/entry-files.ts';
import { messageOf, UserError } from '../shared/failure.ts';
import { readText } from '../store/read.ts';
import type { OtherRun } from './internal-services.ts';
import { type TestRun, testRuns } from './python/test-file.ts';
import { directoryOf, type ReadmeRun, readmeRuns } from './readme-runs.ts';
import { RUN_CONFIG, runOfConfig } from './run-config.ts';

/** What the files beside an entry, or beside the entries of a group of services, say of its use. */
export type UseOfEntry = {
  /** All runs of the README that are the entry's, in their order. */
  readonly readme: readonly ReadmeRun[];
  /** The run of the test file; null where it has none for the entry. */
  readonly test: ReadmeRun | null;
  /** null without a `RunConfig.yaml`. */
  readonly runConfig: ReadmeRun | null;
  /** The runs of other entries in the same files. */
  readonly others: readonly OtherRun[];
};

/** The paths of files that may say how the entry in a directory is used, those of its group of services too. */
export function useFilesOf(directory: string, catalogRoot: string): string[] {
  const places = [directory, ...groupOf(directory, catalogRoot)];
  return [
    join(directory, RUN_CONFIG),
    ...places.flatMap((place) => [join(place, README), join(place, testFileOf(place))]),
  ];
}

/**
 * Reads how the entry in a directory is used. A README or a test file that lies above it, beside the other services of
 * its group, counts with the runs of that very directory.
 * @throws UserError `workload-failed` where a file cannot be read; `refused` and `limit-exceeded` of the store.
 */
export function readUse(directory: string, catalogRoot: string): UseOfEntry {
  const read = (place: string, name: string) => readUseFile(join(place, name), catalogRoot);
  const nameOf = (place: string) => relative(catalogRoot, place).split(sep).join('/') || '.';
  const entry = nameOf(directory);
  const [group] = groupOf(directory, catalogRoot);
  const places = [directory, ...(group === undefined ? [] : [group])];
  const inReadmes = places.map((place) =>
    readmeRuns(read(place, README)).map((found) => ({
      ...found,
      entry: posix.join(nameOf(place), directoryOf(found.run)).replace(/\/$/, ''),
    })),
  );
  const inTests = places.map((place) => testRuns(read(place, testFileOf(place))));
  const ofEntry = (runs: readonly (ReadmeRun & { readonly entry: string })[]) =>
    runs.filter((found) => found.entry === entry).map(({ run, commands }) => ({ run, commands }));
  const readme = inReadmes.map(ofEntry).find((runs) => runs.length > 0) ?? [];
  const text = read(directory, RUN_CONFIG);
  const others = [
    ...inReadmes.flat(),
    ...inTests
      .flat()
      .flatMap((found) =>
        found.directory === null ? [] : [{ ...found, entry: posix.normalize(found.directory) }],
      ),
  ];
  return {
    readme,
    test: inTests.map((runs) => testRunOf(runs, entry)).find((run) => run !== null) ?? null,
    runConfig: text === '' ? null : runOfConfig({ file: posix.join(entry, RUN_CONFIG), text }),
    others: others
      .filter((other) => other.entry !== entry)
      .map(({ entry: name, run }) => ({ entry: name, run })),
  };
}

/** The directory above a service; none where that is the catalog itself, whose README is of all entries. */
function groupOf(directory: string, catalogRoot: string): string[] {
  const above = dirname(directory);
  const way = relative(catalogRoot, above);
  return way === '' || way.startsWith('..') ? [] : [above];
}

/** `test_NAME.py` in the directory NAME. */
function testFileOf(directory: string): string {
  return `test_${basename(directory)}.py`;
}

/** The run of an entry's image: the only run, or that of the image built from the entry's directory. */
function testRunOf(runs: readonly TestRun[], entry: string): ReadmeRun | null {
  const named = runs.filter(({ directory }) => directory !== null && posix.normalize(directory) === entry);
  const [first] = named.length > 0 || runs.length > 1 ? named : runs;
  return first === undefined ? null : { run: first.run, commands: first.commands };
}

function readUseFile(path: string, root: string): string {
  try {
    return readText(path, { root, kind: basename(path) === README ? 'README' : 'catalog file' }) ?? '';
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('workload-failed', `cannot read ${basename(path)}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
