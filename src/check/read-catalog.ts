import { join } from 'node:path';
import { isKraftfileName } from '../kraftfile/find-kraftfile.ts';
import { append } from '../shared/append.ts';
import { statPath } from '../store/read.ts';
import type { Catalog, CatalogFrame } from './catalog.ts';
import { readEditorConfig } from './editor-config.ts';
import { type Entry, type LibraryImage, libraryImageOf, pathIn } from './entry.ts';
import { type Files, sourceOf } from './files.ts';
import type { Selection } from './find-entries.ts';
import { readDockerfiles } from './read-dockerfiles.ts';
import { readEntry } from './read-entry.ts';
import { readTexts } from './read-texts.ts';
import { type EntryReadme, readReadme } from './readme.ts';

/** Reads all that is to be checked, and what it is checked against. */
export async function readCatalog(files: Files, { entries: names, isWhole }: Selection): Promise<Catalog> {
  const frame = await readFrame(files);
  const entries = await Promise.all(names.map((name) => readEntry(files, frame, name)));
  const dockerfiles = await readDockerfiles(files, entries);
  const readmes = await Promise.all(entries.map((entry) => readReadmeOf(files, entry)));
  return {
    frame,
    isWhole,
    entries,
    dockerfiles,
    readmes: readmes.filter((readme) => readme !== null),
    texts: await readTexts(files, { frame, entries, dockerfiles, isWhole }),
  };
}

async function readReadmeOf(files: Files, entry: Entry): Promise<EntryReadme | null> {
  const source = await sourceOf(files, pathIn(entry, 'README.md'));
  return source === null ? null : readReadme(entry, source);
}

const WORKFLOWS = '.github/workflows';

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
    library: await libraryImages(files),
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

/** `library/NAME` with a Kraftfile, and each `library/NAME/VERSION` below one without. */
async function libraryImages(files: Files): Promise<LibraryImage[]> {
  const images: LibraryImage[] = [];
  for (const { name } of await files.list('library')) {
    const directory = `library/${name}`;
    const below = await directoriesWithKraftfile(files, directory);
    append(
      images,
      below.flatMap((path) => libraryImageOf(path) ?? []),
    );
  }
  return images;
}

async function directoriesWithKraftfile(files: Files, directory: string): Promise<string[]> {
  const entries = await files.list(directory).catch(() => []);
  if (entries.some(isKraftfile)) return [directory];
  const found: string[] = [];
  for (const { name } of entries.filter((entry) => entry.isDirectory())) {
    const path = `${directory}/${name}`;
    if ((await files.list(path)).some(isKraftfile)) found.push(path);
  }
  return found;
}

function isKraftfile({ name }: { readonly name: string }): boolean {
  return isKraftfileName(name);
}
