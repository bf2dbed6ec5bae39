import { placeIn, type SourceFile } from '../shared/diagnostic.ts';
import { comparePaths } from '../shared/image-path.ts';
import type { Catalog } from './catalog.ts';
import type { Finding, RuleFault } from './finding.ts';
import type { Rule, Subjects } from './rule.ts';

/**
 * Applies the rules to all that was read. Findings come in the order of entries, files and places; those of the
 * catalog come last.
 */
export function checkCatalog(catalog: Catalog, rules: readonly Rule[]): Finding[] {
  const sources = sourcesOf(catalog);
  const findings = rules.flatMap((rule) =>
    problemsOf(rule, catalog).map(([entry, problem]) =>
      toFinding(rule, catalog.unitNames.get(entry) ?? entry, problem, sources),
    ),
  );
  return findings.sort(compareFindings);
}

type Named = readonly [entry: string, problem: RuleFault];

function problemsOf(rule: Rule, catalog: Catalog): Named[] {
  const over = <Subject>(
    subjects: readonly Subject[],
    entryOf: (subject: Subject) => string,
    check: (subject: Subject) => Iterable<RuleFault>,
  ): Named[] =>
    subjects.flatMap((subject) => [...check(subject)].map((problem): Named => [entryOf(subject), problem]));
  switch (rule.of) {
    case 'catalog':
      return over(catalog.isWhole ? [catalog] : [], () => '.', rule.check);
    case 'entry':
      return over(catalog.entries, ({ name }) => name, rule.check);
    case 'kraftfile':
      return over(kraftfilesOf(catalog), ({ entry }) => entry.name, rule.check);
    case 'dockerfile':
      return over(catalog.dockerfiles, ({ entry }) => entry, rule.check);
    case 'readme':
      return over(catalog.readmes, ({ entry }) => entry.name, rule.check);
    case 'text':
      return over(catalog.texts, ({ entry }) => entry, rule.check);
  }
}

function kraftfilesOf({ entries }: Catalog): readonly Subjects['kraftfile'][] {
  return entries.flatMap(({ kraftfiles }) => kraftfiles);
}

function toFinding(
  { code, severity }: Rule,
  entry: string,
  { file, range, message, edits = [] }: RuleFault,
  sources: ReadonlyMap<string, SourceFile>,
): Finding {
  const source = sources.get(file) ?? null;
  const place =
    source === null || range === null ? { line: 1, column: 1 } : placeIn(source.text, range.start);
  return { code, severity, entry, file, place, message, edits, source: range === null ? null : source };
}

/** Every text that a problem can point into. */
function sourcesOf({ frame, dockerfiles, texts, readmes }: Catalog): Map<string, SourceFile> {
  const all = [
    frame.readme,
    ...(frame.workflows?.values() ?? []),
    ...dockerfiles.flatMap(({ source, badIgnoreFile }) => [source, badIgnoreFile?.source ?? null]),
    ...readmes.map(({ source }) => source),
    ...texts.map(({ source }) => source),
  ];
  return new Map(all.flatMap((source) => (source === null ? [] : [[source.file, source]])));
}

function compareFindings(a: Finding, b: Finding): number {
  return (
    Number(a.entry === '.') - Number(b.entry === '.') ||
    comparePaths(a.entry, b.entry) ||
    comparePaths(a.file, b.file) ||
    a.place.line - b.place.line ||
    a.place.column - b.place.column ||
    comparePaths(a.code, b.code)
  );
}
