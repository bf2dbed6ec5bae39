import type { Canary } from '../support/hostile-repository.ts';
import type { SmallEntry } from '../support/small-entry.ts';

/** Where an entry of the hostile catalog is made. */
export type Place = {
  /** Host path of a file of the entry. */
  readonly at: (name: string) => string;
  /** Host path of a file beside the catalog. */
  readonly beside: (name: string) => string;
  readonly traps: Canary;
};

/** An entry that a stranger wrote. */
export type HostileRow = {
  /** Its directory below examples/. */
  readonly name: string;
  readonly tries: string;
  /** What its result names as the entry, where that is not its directory. */
  readonly result?: string;
  /** `slimmed`, where what it holds does no harm; `skipped`; else the codes that name the reason. */
  readonly ends: string | readonly string[];
  /** Takes longer than a CI has time for. */
  readonly soak?: true;
  /** The entry to begin with, by default a good one. */
  readonly entry?: SmallEntry;
  /** Files over it; a text for each name. */
  readonly files?: Readonly<Record<string, string>>;
  /** What text files cannot say: links, devices, repositories. */
  readonly plant?: (place: Place) => unknown;
  /** Git shall not read what is planted: it is too large, or would start the traps itself. */
  readonly uncommitted?: true;
};
