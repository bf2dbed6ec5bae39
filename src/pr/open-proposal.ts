import { join, relative } from 'node:path';
import { README, readCatalogText, workflowOf } from '../catalog/entry-files.ts';
import { entryRows } from '../catalog/entry-table.ts';
import { loadConfig } from '../config/load-config.ts';
import { readUnit } from '../entry/read-unit.ts';
import type { RootfsUnit } from '../entry/unit.ts';
import type { GitRepository } from '../git/repository.ts';
import { UserError } from '../shared/failure.ts';
import { hashOf, readState, STATE_DIRECTORY, stateKeyOf, type UnitState } from '../slim/state/state.ts';
import { readUpstream } from '../slim/state/upstream.ts';
import { readUnitDockerfile } from '../slim/unit-texts.ts';
import { writableNames } from '../slim/write/writable-names.ts';
import { gitName } from '../words/git-text.ts';
import { type Proposal, titleOf } from './proposal.ts';

export type ProposalOptions = {
  readonly repository: GitRepository;
  /** The commit that branches start from. */
  readonly main: string;
  /** Where state lives; null for `.kraft-slim` at the catalog's root. */
  readonly stateDirectory: string | null;
};

/**
 * @throws UserError `state-missing` where nothing is known of the entry as it is on disk, `refused` where a commit
 * message cannot carry its name.
 */
export async function openProposal(path: string, options: ProposalOptions): Promise<Proposal> {
  const { repository, main, stateDirectory } = options;
  const unit = await readUnit(path);
  if (!('dockerfile' in unit)) {
    throw new UserError(
      'state-missing',
      `cannot make a branch for ${unit.name}: ${unit.reason}, so kraft-slim never slimmed it`,
    );
  }
  gitName(unit.name);
  const directory = stateDirectory ?? join(unit.catalogRoot, STATE_DIRECTORY);
  const state = await stateOf(unit, directory);
  const { catalogRoot } = unit;
  // nothing of the entry runs here, so that no secret of its settings is read
  const config = await loadConfig({ entryDirectory: unit.directory, catalogRoot, untrusted: false });
  const fromTop = (name: string) => relative(repository.top, join(unit.catalogRoot, name));
  const workflow = workflowOf(unit.name);
  const text = workflow === null ? null : readCatalogText(unit.catalogRoot, workflow);
  const readme = readCatalogText(unit.catalogRoot, README) ?? '';
  const outside = [...writableNames(unit, { upgrade: true }).keys()].filter((name) => name.startsWith('../'));
  const kraftfile = relative(repository.top, unit.kraftfiles[0].path);
  return {
    unit,
    state,
    title: titleOf(readCatalogText(unit.catalogRoot, join(unit.name, README)) ?? '', unit.name),
    isNew: (await repository.textAt(main, kraftfile)) === null,
    places: [unit.name, ...outside.map((name) => join(unit.name, name))].map(fromTop),
    workflow: workflow === null || text === null ? null : { path: fromTop(workflow), text },
    group: config.pr.group ?? null,
    upstream: readUpstream(directory, stateKeyOf(unit)),
    row: entryRows(readme).find(({ entry }) => entry === unit.name)?.text ?? null,
  };
}

async function stateOf(unit: RootfsUnit, directory: string): Promise<UnitState> {
  const distrusted: string[] = [];
  const state = await readState(directory, stateKeyOf(unit), (why) => distrusted.push(why));
  const refuse = (why: string) =>
    new UserError('state-missing', `cannot make a branch for ${unit.name}: ${why}`, {
      hint: `kraft-slim ${unit.name}`,
    });
  if (state === undefined) throw refuse(distrusted[0] ?? 'no run with state has verified it');
  const written = state.written[unit.dockerfile];
  if (written !== undefined && written !== hashOf(readUnitDockerfile(unit))) {
    throw refuse('its Dockerfile changed after its last verified run');
  }
  return state;
}
