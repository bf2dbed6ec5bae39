import { workflowNameOf } from '../catalog/entry-files.ts';
import { isKraftfileName } from '../kraftfile/find-kraftfile.ts';
import type { EntryDockerfile } from './dockerfile.ts';
import { type Entry, pathIn } from './entry.ts';
import type { Files } from './files.ts';
import type { CatalogFrame } from './frame.ts';
import { formatOf, type HouseText, isHandWritten } from './house-text.ts';

/** What the texts of are read. */
type Parts = {
  readonly frame: CatalogFrame;
  readonly entries: readonly Entry[];
  readonly dockerfiles: readonly EntryDockerfile[];
  readonly isWhole: boolean;
};

/**
 * The texts that people write: the files in the directory of an entry, its Dockerfile, its workflow, and the
 * catalog's own. What lies deeper is the app's own sources, often by others, and is left alone.
 */
export async function readTexts(files: Files, parts: Parts): Promise<HouseText[]> {
  const named = new Map<string, string>();
  for (const entry of parts.entries) {
    for (const name of entry.names) if (isHandWritten(name)) named.set(pathIn(entry, name), entry.name);
    const workflow = entry.image === null ? '' : workflowNameOf(entry.image);
    if (parts.frame.workflows?.has(workflow)) named.set(`.github/workflows/${workflow}`, entry.name);
  }
  for (const { source, entry } of parts.dockerfiles) named.set(source.file, entry);
  if (parts.isWhole) {
    for (const name of parts.frame.workflows?.keys() ?? []) {
      if (!named.has(`.github/workflows/${name}`)) named.set(`.github/workflows/${name}`, '.');
    }
    for (const name of ['README.md', '.gitignore']) named.set(name, '.');
  }
  const texts = await Promise.all(
    [...named].map(([file, entry]) => readOne(files, parts.frame, { file, entry })),
  );
  return texts.filter((text) => text !== null);
}

async function readOne(
  files: Files,
  { editorConfig }: CatalogFrame,
  { file, entry }: { readonly file: string; readonly entry: string },
): Promise<HouseText | null> {
  const text = await files.text(file);
  if (text.kind === 'absent') return null;
  if (text.kind === 'unreadable' && !isHouseName(file)) return null;
  return {
    entry,
    file,
    source: text.kind === 'text' ? text.source : null,
    unreadable: text.kind === 'text' ? null : text.why,
    format: formatOf(file),
    style: editorConfig(file),
  };
}

/** Files that have to be text, whatever an app's own are. */
function isHouseName(file: string): boolean {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return isKraftfileName(name) || formatOf(file) !== 'source';
}
