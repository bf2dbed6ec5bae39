import { join } from 'node:path';
import { findInPath } from '../analysis/find-program.ts';
import { libraryName } from '../catalog/entry-files.ts';
import { exampleRow, libraryRow } from '../catalog/entry-table.ts';
import type { Engine, ImageConfig } from '../engine/engine.ts';
import { envOfImage, platformEnv } from '../entry/launch.ts';
import { beginEntry } from '../making/begin-entry.ts';
import { registerEntry } from '../making/register-entry.ts';
import { renderWorkflow } from '../making/render-workflow.ts';
import { slimAnew } from '../making/slim-anew.ts';
import { type ImageReference, showReference } from '../registry/image-reference.ts';
import { UserError } from '../shared/failure.ts';
import { exportRootfs } from '../slim/built-image.ts';
import type { Result } from '../slim/result.ts';
import type { EntryTools } from '../slim/run-entry.ts';
import { replaceFile } from '../store/write.ts';
import { codeCell } from '../words/markdown.ts';
import { entryCommand } from './entry-command.ts';
import { entryTexts, type NewEntry } from './entry-texts.ts';
import { howUsed } from './how-used.ts';

export type NewEntryOptions = {
  readonly image: ImageReference;
  /** Its name in the catalog, `library/redis/7.2`. */
  readonly entry: string;
  /** What it runs, where the image's own command is not meant; empty for that. */
  readonly command: readonly string[];
  readonly catalogRoot: string;
  readonly stateDirectory: string;
  /** See `SlimEntryOptions`: `kraft-slim.yaml` of the catalog holds for a new entry too. */
  readonly untrusted: boolean;
};

/** An entry that was made, or why it was not: then nothing is left of it. */
export type Made = {
  readonly entry: string;
  readonly image: string;
  readonly argv: readonly string[];
  /** Scripts of the image that the entry does without. */
  readonly through: readonly string[];
  /** Files and directories of the catalog that were written; none where it failed. */
  readonly written: readonly string[];
  readonly result: Result;
  readonly error: unknown;
};

/**
 * Makes an entry from an image: sees what it runs and how that is used, writes what the catalog has of an entry, and
 * slims it. One that cannot be verified is removed again.
 * @throws UserError with a `RegistryCode` where there is no such image, `cmd-not-found`, or `would-overwrite`.
 */
export async function makeEntry(options: NewEntryOptions, tools: EntryTools): Promise<Made> {
  const { entry, catalogRoot, stateDirectory, untrusted } = options;
  const image = showReference(options.image);
  await using making = await beginEntry({ catalogRoot, stateDirectory }, entry);
  const { content, through } = await lookInto(image, options, tools);
  for (const [name, text] of entryTexts(content)) {
    replaceFile(join(making.directory, name), text, { root: catalogRoot });
  }
  const { result, error } = await slimAnew(
    making.directory,
    { stateDirectory, force: true, untrusted },
    tools,
  );
  const made = { entry, image, argv: content.argv, through, result, error };
  if (!result.verified) return { ...made, written: [] };
  await making.keep();
  const isLibrary = libraryName(entry) !== undefined;
  const registered = await registerEntry(catalogRoot, {
    entry,
    row: isLibrary ? libraryRow(entry) : exampleRow(entry, `What the image ${codeCell(image)} runs`),
    workflow: isLibrary ? renderWorkflow(entry) : null,
  });
  return { ...made, written: [entry, ...registered] };
}

/** Has the image looked at, and run once. */
async function lookInto(
  image: string,
  { entry, command, image: reference }: NewEntryOptions,
  { engine: connect, signal, on }: EntryTools,
): Promise<{ content: NewEntry; through: readonly string[] }> {
  const step = (detail: string) => on({ type: 'step', entry, step: 'read', detail });
  const engine = await connect();
  step(`looking for ${image}`);
  const config =
    (await engine.inspectImage(image)) ?? (await pulled(engine, reference, { entry, signal, on }));
  if (config.architecture !== 'amd64') {
    throw new UserError(
      'build-failed',
      `cannot make an entry of ${image}: it is for ${config.architecture}, not for x86_64`,
    );
  }
  step('looking for its program');
  await using rootfs = await exportRootfs(engine, { image: config.id, signal });
  const { argv, env, through } = entryCommand(rootfs, config, command);
  const environment = { ...platformEnv(new Map()), ...envOfImage(config), ...env };
  step(`trying out how ${argv[0]} is used`);
  const usage = await howUsed(engine, {
    image: config.id,
    argv,
    env: environment,
    ports: config.ports,
    has: (program) => findInPath(rootfs, program, environment) !== undefined,
    signal,
  });
  return { content: { entry, image, argv, env, usage }, through };
}

async function pulled(
  engine: Engine,
  reference: ImageReference,
  { entry, signal, on }: Pick<EntryTools, 'signal' | 'on'> & { entry: string },
): Promise<ImageConfig> {
  const named = showReference(
    reference.tag === null && reference.digest === null ? { ...reference, tag: 'latest' } : reference,
  );
  const onLog = (line: string) => on({ type: 'build-log', entry, line });
  await engine.pullImage({ reference: named, host: reference.repository.host, signal, onLog });
  const config = await engine.inspectImage(named);
  if (config === undefined) throw new Error(`cannot inspect ${named}: the engine has lost it`);
  return config;
}
