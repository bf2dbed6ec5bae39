import { messageOf, UserError } from '../shared/failure.ts';
import { comparePaths } from '../shared/image-path.ts';
import { readUserText, writeUserFile } from '../store/user-file.ts';
import type { Finding } from './finding.ts';
import { fingerprintOf } from './fingerprint.ts';

/** Findings that a team knows and leaves for later: how many of each fingerprint. */
export type KnownFindings = ReadonlyMap<string, number>;

const SCHEMA = 'kraft-slim/baseline/1';

type StoredFinding = {
  readonly fingerprint: string;
  readonly count: number;
  /** For people who read the file. */
  readonly code: string;
  readonly file: string;
};

/** Without the findings of a baseline; `gone` counts those of the baseline that no finding matches. */
export function withoutKnown(
  findings: readonly Finding[],
  baseline: KnownFindings,
): { readonly findings: readonly Finding[]; readonly known: number; readonly gone: number } {
  const left = new Map(baseline);
  const fresh = findings.filter((finding) => {
    const fingerprint = fingerprintOf(finding);
    const count = left.get(fingerprint) ?? 0;
    if (count > 0) left.set(fingerprint, count - 1);
    return count === 0;
  });
  const gone = [...left.values()].reduce((sum, count) => sum + count, 0);
  return { findings: fresh, known: findings.length - fresh.length, gone };
}

/** The text of the baseline of findings: a line for each, in the order of files, so that a change of it is readable. */
export function baselineText(findings: readonly Finding[]): string {
  const stored = new Map<string, StoredFinding>();
  for (const finding of findings) {
    const fingerprint = fingerprintOf(finding);
    const { code, file } = finding;
    stored.set(fingerprint, { code, file, fingerprint, count: (stored.get(fingerprint)?.count ?? 0) + 1 });
  }
  const lines = [...stored.values()]
    .sort(
      (a, b) =>
        comparePaths(a.file, b.file) ||
        comparePaths(a.code, b.code) ||
        comparePaths(a.fingerprint, b.fingerprint),
    )
    .map((finding) => `    ${JSON.stringify(finding)}`);
  const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`;
  return `{\n  "schema": "${SCHEMA}",\n  "findings": ${list}\n}\n`;
}

/** @throws UserError `usage` for a path without a baseline. */
export function readBaseline(path: string): KnownFindings {
  const baseline = parseBaseline(textOf(path));
  if (baseline !== null) return baseline;
  throw new UserError('usage', `cannot read the baseline ${path}: it is not a ${SCHEMA} document`, {
    hint: `kraft-slim check --write-baseline ${path} writes it`,
  });
}

function textOf(path: string): string {
  try {
    return readUserText(path, 'baseline');
  } catch (error) {
    throw new UserError('usage', `cannot read the baseline ${path}: ${messageOf(error)}`, { cause: error });
  }
}

/** @throws UserError `usage` for a path that cannot be written. */
export function writeBaseline(path: string, findings: readonly Finding[]): void {
  try {
    writeUserFile(path, baselineText(findings));
  } catch (error) {
    throw new UserError('usage', `cannot write the baseline ${path}: ${messageOf(error)}`, { cause: error });
  }
}

function parseBaseline(text: string): KnownFindings | null {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return null;
  }
  const { schema, findings } = (document ?? {}) as { readonly schema?: unknown; readonly findings?: unknown };
  if (schema !== SCHEMA || !Array.isArray(findings) || !findings.every(isStored)) return null;
  return new Map(findings.map(({ fingerprint, count }) => [fingerprint, count]));
}

function isStored(value: unknown): value is StoredFinding {
  const { fingerprint, count } = (value ?? {}) as Partial<StoredFinding>;
  return typeof fingerprint === 'string' && Number.isSafeInteger(count) && (count ?? 0) > 0;
}
