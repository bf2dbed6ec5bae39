import { applyEdits } from './apply-edits.ts';
import { type KnownFindings, withoutKnown } from './baseline.ts';
import { checkCatalog } from './check.ts';
import { type CodeChoice, chosenRules } from './codes.ts';
import { catalogFiles, sourceOf } from './files.ts';
import { type CheckSelection, selectEntries } from './find-entries.ts';
import type { Finding } from './finding.ts';
import { withLevels } from './levels.ts';
import { readCatalog } from './read-catalog.ts';
import type { Rule } from './rule.ts';
import { RULES } from './rules.ts';

export type CheckOptions = CodeChoice & {
  /** Whether to fix what can be fixed. */
  readonly fix: boolean;
  /** The findings to leave out. */
  readonly baseline?: KnownFindings | null;
};

/** A file as the fixes make it, relative to the catalog's root; `before` is null for a new one. */
export type FixedFile = { readonly name: string; readonly before: string | null; readonly after: string };

export type CheckReport = {
  /** Host path. */
  readonly root: string;
  /** What is left after the fixes; without the findings of the baseline. */
  readonly findings: readonly Finding[];
  /** How many findings the baseline leaves out. */
  readonly known: number;
  /** How many findings of the baseline are gone; null where only a part was checked. */
  readonly gone: number | null;
  readonly fixed: readonly FixedFile[];
};

/** A fix may need another fix, such as a row that is then in the wrong place; nothing needs more rounds. */
const MAX_ROUNDS = 8;

/**
 * Checks what paths name, and works out how the files are fixed; nothing is written here.
 * @throws UserError `usage`, `kraftfile-missing`.
 */
export async function runCheck(paths: readonly string[], options: CheckOptions): Promise<CheckReport> {
  const rules = chosenRules(options);
  const selection = selectEntries(paths);
  const { root } = selection;
  const edited = new Map<string, string>();
  let findings = await findIn(selection, rules, edited);
  for (let round = 0; options.fix && round < MAX_ROUNDS; round += 1) {
    const before = new Map(await textsOf(root, findings, edited));
    const texts = applyEdits(findings, (file) => before.get(file) ?? '');
    if (texts.size === 0) break;
    for (const [file, text] of texts) edited.set(file, text);
    findings = await findIn(selection, rules, edited);
  }
  const { gone, ...fresh } = withoutKnown(findings, options.baseline ?? new Map());
  return {
    root,
    ...fresh,
    gone: selection.isWhole && rules.length === RULES.length ? gone : null,
    fixed: await fixedFiles(root, edited),
  };
}

async function findIn(
  selection: CheckSelection,
  rules: readonly Rule[],
  edited: ReadonlyMap<string, string>,
): Promise<Finding[]> {
  const files = catalogFiles(selection.root, edited);
  return await withLevels(checkCatalog(await readCatalog(files, selection), rules), files);
}

async function textsOf(
  root: string,
  findings: readonly Finding[],
  edited: ReadonlyMap<string, string>,
): Promise<[file: string, text: string][]> {
  const files = catalogFiles(root, edited);
  const names = new Set(findings.flatMap(({ edits }) => edits.map(({ file }) => file)));
  return await Promise.all(
    [...names].map(
      async (name): Promise<[string, string]> => [name, (await sourceOf(files, name))?.text ?? ''],
    ),
  );
}

async function fixedFiles(root: string, edited: ReadonlyMap<string, string>): Promise<FixedFile[]> {
  const onDisk = catalogFiles(root);
  const fixed = await Promise.all(
    [...edited].map(async ([name, after]) => ({
      name,
      before: (await sourceOf(onDisk, name))?.text ?? null,
      after,
    })),
  );
  return fixed.filter(({ before, after }) => before !== after);
}
