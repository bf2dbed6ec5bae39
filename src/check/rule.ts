import type { Catalog } from './catalog.ts';
import type { EntryDockerfile } from './dockerfile.ts';
import type { Entry, EntryKraftfile } from './entry.ts';
import type { RuleFault, Severity } from './finding.ts';
import type { HouseText } from './house-text.ts';
import type { EntryReadme } from './readme.ts';

/** What a rule can be about. Each part of a catalog is looked at once. */
export type Subjects = {
  readonly catalog: Catalog;
  readonly entry: Entry;
  readonly kraftfile: EntryKraftfile;
  readonly dockerfile: EntryDockerfile;
  readonly readme: EntryReadme;
  readonly text: HouseText;
};

type RuleOf<Kind extends keyof Subjects> = {
  /** Never reused for another meaning. */
  readonly code: string;
  readonly severity: Severity;
  /** What it finds, one sentence for the table of docs/checks.md and for SARIF. */
  readonly about: string;
  readonly of: Kind;
  /** Pure: whatever it needs of the disk is in the subject. */
  readonly check: (subject: Subjects[Kind]) => Iterable<RuleFault>;
};

/** One rule: one file in `rules/`, one line in `rules.ts`. */
export type Rule = { readonly [Kind in keyof Subjects]: RuleOf<Kind> }[keyof Subjects];
