import { dirname, join, relative, sep } from 'node:path';
import { type BuildContext, readBuildContext } from '../dockerfile/build-context.ts';
import type { BuildSettings } from '../dockerfile/model.ts';
import { parseDockerfile } from '../dockerfile/parse-dockerfile.ts';
import { refusals } from '../dockerfile/refusals.ts';
import { MistakesError, type SourceFile } from '../shared/diagnostic.ts';
import { UserError } from '../shared/failure.ts';
import { groupBy } from '../shared/group-by.ts';
import { copiedBy } from './context-copies.ts';
import type { EntryDockerfile } from './dockerfile.ts';
import type { Entry, EntryKraftfile } from './entry.ts';
import { type Files, sourceOf } from './files.ts';
import { isGitIgnored } from './git-ignored.ts';

/** Reads each Dockerfile that the entries' Kraftfiles name, once for each context that it is built over. */
export async function readDockerfiles(files: Files, entries: readonly Entry[]): Promise<EntryDockerfile[]> {
  const naming = entries
    .flatMap(({ kraftfiles }) => kraftfiles)
    .filter(({ kraftfile, rootfs }) => kraftfile?.rootfs.kind === 'dockerfile' && rootfs?.is === 'file');
  const units = groupBy(naming, ({ rootfs }) => `${rootfs?.path}\0${rootfs?.context}`);
  const read = [...units.values()].map((kraftfiles) => readOne(files, kraftfiles));
  return (await Promise.all(read)).filter((dockerfile) => dockerfile !== null);
}

async function readOne(files: Files, kraftfiles: readonly EntryKraftfile[]): Promise<EntryDockerfile | null> {
  const [first] = kraftfiles;
  if (first?.rootfs == null) return null;
  const { path, context: directory } = first.rootfs;
  const file = relative(files.root, path).split(sep).join('/');
  const source = file.startsWith('../') ? null : await sourceOf(files, file);
  if (source === null) return null;
  const { args = {}, target = null } = first.entry.settings.build ?? {};
  const { dockerfile, mistakes } = tryParsing(source, { buildArgs: args, target });
  const isIgnored = async (at: string) =>
    await isGitIgnored(files, relative(files.root, at).split(sep).join('/'));
  const { context, badIgnoreFile } = await readContext(directory, path, files.root);
  return {
    entry: first.entry.name,
    frame: first.entry.frame,
    source,
    dockerfile,
    mistakes,
    kraftfiles,
    context,
    badIgnoreFile,
    target,
    requiresModules: await requiresModules(files, context),
    ...(await copiedBy(dockerfile, { context, kraftfiles, target, directory, isIgnored })),
  };
}

/** By the directives of https://go.dev/ref/mod#go-mod-file. */
async function requiresModules(files: Files, context: BuildContext | null): Promise<boolean> {
  const found = context?.entries.filter(({ path }) => /(?:^|\/)go\.mod$/.test(path)) ?? [];
  for (const { hostPath } of found) {
    const source = await sourceOf(files, relative(files.root, hostPath).split(sep).join('/'));
    if (source !== null && /^\s*require\s*(?:\(\s*[^\s)]|[^\s(])/m.test(source.text)) return true;
  }
  return false;
}

function tryParsing(
  source: SourceFile,
  { buildArgs, target }: Pick<BuildSettings, 'buildArgs'> & { readonly target: string | null },
): Pick<EntryDockerfile, 'dockerfile' | 'mistakes'> {
  try {
    const dockerfile = parseDockerfile(source.text, { file: source.file, ...(buildArgs && { buildArgs }) });
    const mistakes = refusals(dockerfile, target ?? undefined);
    return { dockerfile: mistakes.length > 0 ? null : dockerfile, mistakes };
  } catch (error) {
    if (!(error instanceof MistakesError)) throw error;
    return { dockerfile: null, mistakes: error.mistakes.flatMap(({ diagnostics }) => diagnostics) };
  }
}

async function readContext(
  directory: string,
  dockerfile: string,
  root: string,
): Promise<Pick<EntryDockerfile, 'context' | 'badIgnoreFile'>> {
  try {
    return { context: await readBuildContext({ directory, dockerfile, root }), badIgnoreFile: null };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const [mistakes] = error instanceof MistakesError ? error.mistakes : [];
    if (mistakes === undefined) return { context: null, badIgnoreFile: null };
    const beside = mistakes.source.file === '.dockerignore' ? directory : dirname(dockerfile);
    const file = relative(root, join(beside, mistakes.source.file)).split(sep).join('/');
    const source = { ...mistakes.source, file };
    return { context: null, badIgnoreFile: { source, mistakes: mistakes.diagnostics } };
  }
}
