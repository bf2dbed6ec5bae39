import { join, relative, sep } from 'node:path';
import { WORKFLOWS } from '../catalog/entry-files.ts';
import { kraftfileDirectories } from '../catalog/walk.ts';
import { readUnit } from '../entry/read-unit.ts';
import { isWithin } from '../store/inside.ts';
import { statPath } from '../store/read.ts';
import type { Catalog } from './catalog.ts';
import { readEditorConfig } from './editor-config.ts';
import { type Entry, libraryImageOf, pathIn } from './entry.ts';
import { type Files, sourceOf } from './files.ts';
import type { CheckSelection } from './find-entries.ts';
import type { CatalogFrame, LibraryImage } from './frame.ts';
import { readDockerfiles } from './read-dockerfiles.ts';
import { readEntry } from './read-entry.ts';
import { readTexts } from './read-texts.ts';
import { type EntryReadme, readReadme } from './readme.ts';

/** Reads all that is to be checked, and what it is checked against. */
export async function readCatalog(
  files: Files,
  { entries: names, isWhole }: CheckSelection,
): Promise<Catalog> {
  const frame = await readFrame(files);
  const entries = await Promise.all(names.map((name) => readEntry(files, frame, name)));
  const dockerfiles = await readDockerfiles(files, entries);
  const readmes = await Promise.all(entries.map((entry) => readReadmeOf(files, entry)));
  return {
    frame,
    isWhole,
    entries,
    unitNames: await unitNames(files.root, entries),
    dockerfiles,
    readmes: readmes.filter((readme) => readme !== null),
    texts: await readTexts(files, { frame, entries, dockerfiles, isWhole }),
  };
}

/** Only a Dockerfile outside of an entry's directory can be other Kraftfiles' too. */
async function unitNames(root: string, entries: readonly Entry[]): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const { name, kraftfiles } of entries) {
    const directory = join(root, name);
    const shared = kraftfiles.find(
      ({ rootfs }) => rootfs?.is === 'file' && !isWithin(directory, rootfs.path),
    );
    if (shared === undefined) continue;
    // what cannot be read has separate findings
    const unit = await readUnit(join(directory, shared.name)).catch(() => undefined);
    if (unit !== undefined && unit.catalogRoot === root) names.set(name, unit.name);
  }
  return names;
}

async function readReadmeOf(files: Files, entry: Entry): Promise<EntryReadme | null> {
  const source = await sourceOf(files, pathIn(entry, 'README.md'));
  return source === null ? null : readReadme(entry, source);
}

async function readFrame(files: Files): Promise<CatalogFrame> {
  const { root } = files;
  const [readme, gitignore, editorConfig] = await Promise.all(
    ['README.md', '.gitignore', '.editorconfig'].map((name) => sourceOf(files, name)),
  );
  return {
    root,
    readme: readme ?? null,
    gitignore: gitignore ?? null,
    editorConfig: readEditorConfig(editorConfig?.text ?? null),
    workflows: statPath(join(root, WORKFLOWS)) !== null ? await readWorkflows(files) : null,
    library: libraryImages(root),
    holds: (path) => statPath(join(root, path)) !== null,
  };
}

async function readWorkflows(files: Files): Promise<Map<string, NonNullable<CatalogFrame['readme']>>> {
  const workflows = new Map<string, NonNullable<CatalogFrame['readme']>>();
  for (const { name } of await files.list(WORKFLOWS)) {
    const source = /\.ya?ml$/.test(name) ? await sourceOf(files, `${WORKFLOWS}/${name}`) : null;
    if (source !== null) workflows.set(name, source);
  }
  return workflows;
}

/** The images of all entries that lie where library entries do. */
function libraryImages(root: string): LibraryImage[] {
  const found = kraftfileDirectories(join(root, 'library'), { root, maxDepth: 2 });
  return [...found].flatMap(
    ({ directory }) => libraryImageOf(relative(root, directory).split(sep).join('/')) ?? [],
  );
}
