import type { Strategy } from '../search/search.ts';

/** How files are tried that may not be needed. */
export type SearchOptions = {
  readonly strategy: Strategy;
  /** Let the search also remove what rules hold, and what the author put in from the build context. */
  readonly aggressive: boolean;
  /** How often the app may be run; null for as often as the plan asks for. */
  readonly maxRuns: number | null;
};

/** How an entry is slimmed. A new option needs a role in `OPTION_ROLES`, or the build fails. */
export type SlimEntryOptions = {
  /** Do all but write. */
  readonly dryRun: boolean;
  /** Overwrite also what git has nowhere. */
  readonly force: boolean;
  /** Analyse again what is unchanged. */
  readonly redo: boolean;
  /** Make a `Kraftfile` of an old `kraft.yaml`. */
  readonly upgrade: boolean;
  readonly askStages: boolean;
  /** The search that was asked for; null for none. */
  readonly search: SearchOptions | null;
  /** Put an empty file in the place of each that the app only looks up. */
  readonly placeholders: boolean;
  /** Refuse what the settings of the entry may otherwise ask for, see `withoutLeave`. */
  readonly untrusted: boolean;
  /** Where state lives; null for `.kraft-slim` at the catalog's root. */
  readonly stateDirectory: string | null;
};

/**
 * What each option does. `decides`: it changes the result, and is part of the fingerprint. `acts`: it changes how the
 * result is found, written or kept, and two runs that differ in it have the same fingerprint.
 */
const OPTION_ROLES: Readonly<Record<keyof SlimEntryOptions, 'decides' | 'acts'>> = {
  dryRun: 'acts',
  force: 'acts',
  redo: 'acts',
  stateDirectory: 'acts',
  upgrade: 'decides',
  askStages: 'decides',
  search: 'decides',
  placeholders: 'decides',
  untrusted: 'decides',
};

/** The options that are part of the fingerprint. */
export function decidingOptions(options: SlimEntryOptions): Partial<SlimEntryOptions> {
  const roles: Readonly<Record<string, 'decides' | 'acts'>> = OPTION_ROLES;
  return Object.fromEntries(Object.entries(options).filter(([name]) => roles[name] === 'decides'));
}
