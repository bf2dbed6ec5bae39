import { join } from 'node:path';
import { README, readCatalogText, workflowOf } from '../catalog/entry-files.ts';
import { entryRows, libraryRow } from '../catalog/entry-table.ts';
import { readMarker } from '../dockerfile/marker.ts';
import { parseDockerfile } from '../dockerfile/parse-dockerfile.ts';
import { beginEntry } from '../making/begin-entry.ts';
import { copyEntry } from '../making/copy-entry.ts';
import { registerEntry } from '../making/register-entry.ts';
import { renderWorkflow } from '../making/render-workflow.ts';
import { slimAnew } from '../making/slim-anew.ts';
import { UserError } from '../shared/failure.ts';
import { originalOf } from '../slim/write/as-authored.ts';
import { isWithin } from '../store/inside.ts';
import {
  type Acted,
  concludeEntry,
  failedAct,
  insistOnBases,
  pullBases,
  type RefreshTools,
  sideBefore,
} from './act.ts';
import { baseKey, basesOf } from './bases.ts';
import { moveVersion, type VersionMove } from './move-version.ts';
import type { OpenedEntry } from './open-entry.ts';
import type { RefreshAction, RefreshPlan } from './plan-refresh.ts';
import { emptyRefresh } from './report.ts';

/**
 * Makes the entry of a newer version beside the old one: a copy in which every occurrence of the version has moved,
 * slimmed and verified, and entered in the catalog. One that cannot be verified is removed again.
 */
export async function makeVersion(
  entry: OpenedEntry,
  { plan, action }: { plan: RefreshPlan; action: Extract<RefreshAction, { kind: 'make' }> },
  tools: RefreshTools,
): Promise<Acted> {
  const { unit, stateDirectory, untrusted } = entry;
  const { catalogRoot } = unit;
  if (!isWithin(unit.directory, join(unit.directory, unit.dockerfile)))
    throw sharesDockerfile(entry, action.entry);
  const before = await sideBefore(entry, { pulls: true }, tools);
  await using making = await beginEntry({ catalogRoot, stateDirectory }, action.entry);
  await copyMoved(entry, making.directory, { plan, move: action.move });
  const path = join(making.directory, unit.kraftfiles[0].name);
  await pullBases(action.entry, plan.pulls, tools);
  const report = await slimAnew(path, { stateDirectory, force: true, untrusted }, tools);
  if (!report.result.verified) return failedAct(unit.name, plan, report);
  const changes = await concludeEntry(path, { before, plan, entry }, tools);
  await making.keep();
  const registered = await registerEntry(catalogRoot, await registrationOf(entry, action));
  const made = { status: 'made', made: action.entry, bases: plan.bases, changes } as const;
  const written = [action.entry, ...registered];
  return { result: { ...emptyRefresh(unit.name), ...made, written, result: report.result }, error: null };
}

function sharesDockerfile({ unit }: OpenedEntry, made: string): UserError {
  const message = `cannot make ${made}: the Dockerfile of ${unit.name} lies outside of its directory, at ${unit.dockerfile}`;
  return new UserError('refused', message, { hint: 'put the Dockerfile into the directory of the entry' });
}

async function copyMoved(
  { unit, config, text }: OpenedEntry,
  directory: string,
  { plan, move }: { plan: RefreshPlan; move: VersionMove },
): Promise<void> {
  const moved = movedFiles(unit);
  const marker = readMarker(text);
  await copyEntry({
    from: unit.directory,
    to: directory,
    catalogRoot: unit.catalogRoot,
    dockerfile: unit.dockerfile,
    // a stage that was rewritten in place goes on reading its list
    keepsLists: marker?.fields?.before === null,
    editOf(name) {
      if (!moved.has(name)) return undefined;
      if (name !== unit.dockerfile) return (content) => moveVersion(content, move);
      return () => {
        const after = moveVersion(`${originalOf(text, marker).trimEnd()}\n`, move);
        const names = basesOf(parseDockerfile(after, { file: name, buildArgs: config.build.args })).map(
          baseKey,
        );
        insistOnBases(names, plan.pulls);
        return after;
      };
    },
  });
}

/** The files of an entry that say its version; what the author put in beside them stays as it is. */
export function movedFiles({
  dockerfile,
  kraftfiles,
}: Pick<OpenedEntry['unit'], 'dockerfile' | 'kraftfiles'>): ReadonlySet<string> {
  return new Set([dockerfile, ...kraftfiles.map(({ name }) => name), README, 'kraft-slim.yaml']);
}

/** The row and the workflow as the old version has them, moved; where that has none, the usual ones. */
async function registrationOf(
  { unit: { catalogRoot, name } }: OpenedEntry,
  { entry, move }: Extract<RefreshAction, { kind: 'make' }>,
) {
  const readme = readCatalogText(catalogRoot, README) ?? '';
  const row = entryRows(readme).find(({ entry }) => entry === name)?.text;
  const path = workflowOf(name);
  const workflow = path === null ? null : readCatalogText(catalogRoot, path);
  const isLibrary = path !== null;
  return {
    entry,
    row: row === undefined ? (isLibrary ? libraryRow(entry) : null) : moveVersion(row, move),
    workflow: workflow === null ? (isLibrary ? renderWorkflow(entry) : null) : moveVersion(workflow, move),
  };
}
