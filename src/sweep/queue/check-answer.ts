import { README } from '../../catalog/entry-files.ts';
import { readReadmeBlocks } from '../../entry/readme-blocks.ts';
import type { RootfsUnit } from '../../entry/unit.ts';
import { FAILURE_CODES, SKIP_CODES, UserError } from '../../shared/failure.ts';
import type { FileChange } from '../../slim/file-change.ts';
import { stateKeyOf } from '../../slim/state/state.ts';
import { ignoreFilesOf, listChanges } from '../../slim/unit-texts.ts';
import { writableNames } from '../../slim/write/writable-names.ts';
import type { EntryJobResult } from './protocol.ts';

/**
 * Checks the answer of a worker against the unit that it is about, since a peer is not believed: it is this unit's, it
 * agrees with itself, and it writes only what slimming this unit can write.
 * @throws UserError `refused`.
 */
export async function checkAnswer(
  unit: RootfsUnit,
  answer: EntryJobResult,
  options: { readonly upgrade: boolean },
): Promise<void> {
  const why =
    foreignPart(unit, answer) ??
    contradiction(answer) ??
    answer.changes.map((change) => wrongChange(unit, change, options)).find((found) => found !== null) ??
    (await wrongIgnoreFile(unit, answer.changes));
  if (why === null) return;
  throw new UserError('refused', `cannot use the answer of a worker: ${why}`, {
    hint: 'give only trusted machines access to the queue',
  });
}

/** What of an answer is about another unit; null for nothing. */
function foreignPart(unit: RootfsUnit, { result, state }: EntryJobResult): string | null {
  const { name } = unit;
  if (result.entry !== name) return `its result is about ${quoted(result.entry)}`;
  if (result.class !== null && result.class !== unit.class) return `its class is ${result.class}`;
  if (state === null) return null;
  if (state.entry !== stateKeyOf(unit)) return `its state is about ${quoted(state.entry)}`;
  return state.result.entry === name ? null : `its state holds a result of ${quoted(state.result.entry)}`;
}

/** Two parts of an answer that no run of the tool gives together; null for none. */
function contradiction({ result, changes, state }: EntryJobResult): string | null {
  const { status, code, verified, written, removed } = result;
  const known: readonly (string | null)[] =
    status === 'failed' ? FAILURE_CODES : status === 'skipped' ? SKIP_CODES : [null];
  if (!known.includes(code)) return `the status ${status} does not go with the code ${code}`;
  if (status === 'slimmed' && !verified) return 'the result is slimmed and not verified';
  if ((status === 'failed' || status === 'skipped') && verified)
    return `the result is ${status} and verified`;
  if (changes.length > 0 !== (status === 'slimmed'))
    return `a ${status} result has ${changes.length} changes`;
  const of = (isWritten: boolean) => changes.filter(({ after }) => (after !== null) === isWritten);
  if (!sameNames(written, of(true)) || !sameNames(removed, of(false)))
    return 'its changes are not those of its result';
  return state !== null && !(verified && state.result.verified) ? 'it remembers what is not verified' : null;
}

function sameNames(names: readonly string[], changes: readonly FileChange[]): boolean {
  const changed = changes.map(({ name }) => name);
  return (
    new Set(changed).size === changed.length && [...names].sort().join('\0') === changed.sort().join('\0')
  );
}

/** Why the tool never makes a change; null where it can. */
function wrongChange(
  unit: RootfsUnit,
  { name, before, after, replaces }: FileChange,
  options: { readonly upgrade: boolean },
): string | null {
  const writable = writableNames(unit, options);
  const may = writable.get(name);
  const kind = before === null ? 'make' : after === null ? 'remove' : 'change';
  if (may?.[kind] !== true || (before === null && after === null))
    return `it would ${kind} ${quoted(name)}, which slimming this entry never does`;
  if (replaces !== undefined && writable.get(replaces)?.remove !== true)
    return `it would replace ${quoted(replaces)}, which slimming this entry never does`;
  if (name === README && frameOf(before ?? '') !== frameOf(after ?? ''))
    return `it changes ${README} outside of its blocks`;
  return null;
}

/** A README without what stands in its blocks. */
function frameOf(text: string): string {
  let frame = '';
  let at = 0;
  for (const { inside } of readReadmeBlocks(text).blocks) {
    frame += text.slice(at, inside.start);
    at = inside.end;
  }
  return frame + text.slice(at);
}

/** An ignore file says afterwards what the root list asks for, and nothing else. */
async function wrongIgnoreFile(unit: RootfsUnit, changes: readonly FileChange[]): Promise<string | null> {
  const files = ignoreFilesOf(unit);
  const changed = changes.filter(({ name }) => files.includes(name));
  if (changed.length === 0) return null;
  const expected = await listChanges(unit, '');
  const wrong = changed.find(
    ({ name, after }) => !expected.some((change) => change.name === name && change.after === after),
  );
  return wrong === undefined
    ? null
    : `it changes ${quoted(wrong.name)} by more than the line for the root list`;
}

function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 200));
}
