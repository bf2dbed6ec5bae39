import { join, relative, sep } from 'node:path';
import { offeredKraftfile } from '../entry/offered-kraftfile.ts';
import { type RootfsFiles, rootfsFilesOf } from '../entry/rootfs-files.ts';
import { isKraftfileName } from '../kraftfile/find-kraftfile.ts';
import { kraftfileOf } from '../kraftfile/read-kraftfile.ts';
import { append } from '../shared/append.ts';
import { MistakesError, type SourceFile } from '../shared/diagnostic.ts';
import { UserError } from '../shared/failure.ts';
import { parseYaml, type YamlSource } from '../shared/yaml-source.ts';
import { statWithin } from '../store/read.ts';
import { type Entry, type EntryKraftfile, folderOf, libraryImageOf, pathIn } from './entry.ts';
import { type Files, sourceOf } from './files.ts';
import { findObjects } from './find-objects.ts';
import type { CatalogFrame } from './frame.ts';
import { isGitIgnored } from './git-ignored.ts';
import { SETTINGS_FILE, settingsOf } from './settings.ts';
import { unknownRules } from './unknown-rules.ts';
import { workflowOf } from './workflow.ts';

/** Reads a directory with a Kraftfile. */
export async function readEntry(files: Files, frame: CatalogFrame, name: string): Promise<Entry> {
  const listed = await files.list(name);
  const names = new Set(listed.map((entry) => entry.name));
  const besideIt = (file: string) => sourceOf(files, pathIn({ name }, file));
  const kraftfiles: EntryKraftfile[] = [];
  const objects: string[] = [];
  const image = libraryImageOf(name);
  const entry: Entry = {
    name,
    frame,
    folder: folderOf(name),
    image,
    workflow: image === null ? null : workflowOf(image, frame),
    kraftfiles,
    names,
    objects,
    gitignore: await besideIt('.gitignore'),
    dockerignore: await besideIt('.dockerignore'),
    config: await readConfig(await besideIt(SETTINGS_FILE)),
    settings: await settingsOf(files, name),
  };
  const found = [...names].filter(isKraftfileName);
  if (found.length === 0) {
    // its Dockerfile is read by the Kraftfile that it is offered
    const source = { file: pathIn(entry, 'Kraftfile'), text: offeredKraftfile(files.root) };
    kraftfiles.push(await readOne(files, entry, { file: 'Kraftfile', source }));
  }
  for (const file of found) {
    const source = await besideIt(file);
    if (source !== null && source.text !== '') kraftfiles.push(await readOne(files, entry, { file, source }));
  }
  append(objects, await findObjects(files, entry));
  return entry;
}

/** The schema takes long to load, and few entries have settings. */
async function readConfig(source: SourceFile | null): Promise<Entry['config']> {
  if (source === null) return null;
  const { parseConfig } = await import('../config/load-config.ts');
  const { config, diagnostics, root } = parseConfig(source);
  return { source, mistakes: diagnostics.length > 0 ? diagnostics : unknownRules(config, root) };
}

async function readOne(
  files: Files,
  entry: Entry,
  { file: name, source }: { readonly file: string; readonly source: SourceFile },
): Promise<EntryKraftfile> {
  const yaml = parseYaml(source, { version: '1.1' });
  const read = tryReading(yaml);
  const { root } = entry.frame;
  const path = join(root, entry.name, name);
  const rootfs = read.kraftfile === null ? null : rootfsFilesOf({ path, kraftfile: read.kraftfile }, root);
  return {
    entry,
    name,
    source,
    root: yaml.root?.kind === 'map' ? yaml.root : null,
    ...read,
    rootfs: rootfs && { ...rootfs, is: await kindOf(files, rootfs, root) },
  };
}

function tryReading(yaml: YamlSource): Pick<EntryKraftfile, 'kraftfile' | 'mistakes'> {
  try {
    return { kraftfile: kraftfileOf(yaml), mistakes: [] };
  } catch (error) {
    if (!(error instanceof MistakesError)) throw error;
    return { kraftfile: null, mistakes: error.mistakes.flatMap(({ diagnostics }) => diagnostics) };
  }
}

async function kindOf(
  files: Files,
  { path }: RootfsFiles,
  root: string,
): Promise<NonNullable<EntryKraftfile['rootfs']>['is']> {
  try {
    const stats = path.includes('\0') ? null : statWithin(path, { root });
    if (stats !== null) return stats.isDirectory() ? 'directory' : 'file';
  } catch (error) {
    if (error instanceof UserError) return 'outside';
    throw error;
  }
  const name = relative(files.root, path).split(sep).join('/');
  return (await isGitIgnored(files, name)) ? 'made' : 'absent';
}
