import { resolve } from 'node:path';
import { findCatalogRoot } from '../catalog/catalog-root.ts';
import { type KraftfileDirectory, kraftfileDirectories } from '../catalog/walk.ts';
import { type MigratedEntry, type MigrateResult, migrateEntry } from '../migrate/migrate.ts';
import { UserError } from '../shared/failure.ts';
import { joinShown, type Shown, show, styled } from '../words/terminal.ts';
import { row, showDiff } from './show-result.ts';
import type { MigrateRequest } from './upstream-verbs.ts';
import type { VerbOutcome } from './verb-outcome.ts';

export async function migrateCommand(
  { paths, to, dryRun, force }: MigrateRequest,
  signal: AbortSignal,
): Promise<VerbOutcome> {
  const done: MigratedEntry[] = [];
  for (const { root, directory } of directoriesOf(paths)) {
    if (signal.aborted) break;
    done.push(await migrateEntry(directory, { to, root, dryRun, force }));
  }
  const results = done.map(({ result }) => result);
  return {
    document: { schema: 'kraft-slim/migrate/1', to, results },
    text: joinShown([...done.flatMap((entry) => showEntry(entry, dryRun)), showCounts(results)], '\n'),
    count: done.length,
    failures: done.flatMap(({ result: { code, status }, error }) =>
      status === 'failed' ? [{ code: code ?? 'internal', error }] : [],
    ),
  };
}

/** Each directory once, in the order of the paths, with the root of its catalog. */
function directoriesOf(paths: readonly string[]): { root: string; directory: KraftfileDirectory }[] {
  const starts = paths.length > 0 ? paths : [findCatalogRoot(process.cwd(), process.cwd())];
  const found = new Map<string, { root: string; directory: KraftfileDirectory }>();
  for (const path of starts) {
    const start = resolve(path);
    const root = findCatalogRoot(start, start);
    const directories = [...kraftfileDirectories(start, { root })];
    if (directories.length === 0)
      throw new UserError(
        'kraftfile-missing',
        `cannot find an entry: there is no Kraftfile in or below ${path}`,
      );
    for (const directory of directories) found.set(directory.directory, { root, directory });
  }
  return [...found.values()];
}

const COLOURS = { migrated: 'green', unchanged: 'green', kept: 'yellow', failed: 'red' } as const;

/** Nothing for an entry that has the form already, and of which nothing else is to be said. */
function showEntry({ result, changes }: MigratedEntry, dryRun: boolean): Shown[] {
  const { entry, status, reason, written, left } = result;
  if (status === 'unchanged' && left.length === 0) return [];
  const lines = [show`${styled('bold', entry)}  ${styled(COLOURS[status], status)}`];
  if (reason !== null) lines.push(row('', reason));
  if (written.length > 0) lines.push(row('written', written.join(', ')));
  for (const { file, line, why } of reason === null ? left : left.slice(1))
    lines.push(row('left', show`${file}:${line}: ${why}`));
  if (dryRun && changes.length > 0) lines.push(show`\n${showDiff('.', changes)}`);
  return lines;
}

function showCounts(results: readonly MigrateResult[]): Shown {
  const count = (status: MigrateResult['status']) =>
    results.filter((result) => result.status === status).length;
  return show`${count('migrated')} migrated, ${count('unchanged')} unchanged, ${count('kept')} kept, ${count('failed')} failed`;
}
