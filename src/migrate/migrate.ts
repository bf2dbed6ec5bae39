import { join, posix, relative, sep } from 'node:path';
import { README, WORKFLOWS, workflowOf } from '../catalog/entry-files.ts';
import type { KraftfileDirectory } from '../catalog/walk.ts';
import { append } from '../shared/append.ts';
import { UserError } from '../shared/failure.ts';
import type { FileChange } from '../slim/file-change.ts';
import { writeFixed } from '../slim/write/write-fixed.ts';
import { listOrNone, readText } from '../store/read.ts';
import type { Form } from './form.ts';
import { migrateKraftfile } from './kraftfile.ts';
import { migrateReadme } from './readme.ts';
import { migrateWorkflow } from './workflow.ts';

/** What became of an entry. `kept`: its Kraftfile cannot have the form, for the reasons that are given. */
export type MigrateStatus = 'migrated' | 'unchanged' | 'kept' | 'failed';

export type MigrateResult = {
  /** Relative to the catalog's root. */
  readonly entry: string;
  readonly status: MigrateStatus;
  /** Of a failure, else null. */
  readonly code: string | null;
  readonly reason: string | null;
  /** Paths from the catalog's root. */
  readonly written: readonly string[];
  /** Kraftfiles and commands that stay as they are, by file and line, with reasons. */
  readonly left: readonly { readonly file: string; readonly line: number; readonly why: string }[];
};

export type MigratedEntry = {
  readonly result: MigrateResult;
  readonly changes: readonly FileChange[];
  readonly error: unknown;
};

export type MigrateOptions = {
  readonly to: Form;
  readonly root: string;
  readonly dryRun: boolean;
  readonly force: boolean;
};

/** Migrates the Kraftfiles of a directory, its README and the workflows that build it: all files or none. */
export async function migrateEntry(
  directory: KraftfileDirectory,
  options: MigrateOptions,
): Promise<MigratedEntry> {
  const entry = relative(options.root, directory.directory).split(sep).join('/') || '.';
  try {
    const { changes, left, why } = plan(directory, entry, options);
    if (changes.length > 0 && !options.dryRun) await writeFixed(options.root, changes, options);
    const status = changes.length > 0 ? 'migrated' : why === null ? 'unchanged' : 'kept';
    const written = changes.map(({ name }) => name);
    const reason = status === 'kept' ? why : null;
    return { result: { entry, status, code: null, reason, written, left }, changes, error: null };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { code, message: reason } = error;
    return {
      result: { entry, status: 'failed', code, reason, written: [], left: [] },
      changes: [],
      error,
    };
  }
}

type Plan = {
  readonly changes: readonly FileChange[];
  readonly left: MigrateResult['left'];
  /** Why the first of the Kraftfiles stays; null where each has the form. */
  readonly why: string | null;
};

function plan({ directory, files }: KraftfileDirectory, entry: string, options: MigrateOptions): Plan {
  const { root, to } = options;
  const nameOf = (path: string) => relative(root, path).split(sep).join('/');
  const changes: FileChange[] = [];
  const left: { file: string; line: number; why: string }[] = [];
  for (const path of files) {
    const file = nameOf(path);
    const text = readText(path, { root, kind: 'Kraftfile' }) ?? '';
    const migrated = isText(text) ? migrateKraftfile({ file, text }, to) : { kept: 'it is not UTF-8 text' };
    if ('kept' in migrated) left.push({ file, line: 1, why: migrated.kept });
    else if (migrated.text !== text) changes.push({ name: file, before: text, after: migrated.text });
  }
  const why = left[0]?.why ?? null;
  // texts about a Kraftfile follow it, and never go before it
  if (why !== null) return { changes, left, why };
  const readme = posix.join(entry, README);
  const text = readText(join(directory, README), { root, kind: 'README' });
  if (text !== null && isText(text)) {
    const { text: after, left: lines } = migrateReadme(text, to, posix.basename(entry));
    if (after !== text) changes.push({ name: readme, before: text, after });
    append(
      left,
      lines.map(({ line, why: reason }) => ({ file: readme, line, why: reason })),
    );
  }
  return { changes: [...changes, ...workflowChanges(entry, options)], left, why };
}

/** Other bytes than UTF-8 would not survive. */
function isText(text: string): boolean {
  return !text.includes('\ufffd');
}

/** Workflows that name the directory of the entry. */
function workflowChanges(entry: string, { root, to }: MigrateOptions): FileChange[] {
  const names = listOrNone(join(root, WORKFLOWS), root).map(({ name }) => `${WORKFLOWS}/${name}`);
  return names.flatMap((name): FileChange[] => {
    if (!/\.ya?ml$/.test(name)) return [];
    const text = readText(join(root, name), { root, kind: 'catalog file' });
    if (text === null || !isText(text) || (name !== workflowOf(entry) && !namesEntry(text, entry))) return [];
    const after = migrateWorkflow(text, to);
    return after === text ? [] : [{ name, before: text, after }];
  });
}

/** By the filter of its paths, as the catalogs write it. */
function namesEntry(text: string, entry: string): boolean {
  return entry !== '.' && (text.includes(`'${entry}/**'`) || text.includes(`"${entry}/**"`));
}
