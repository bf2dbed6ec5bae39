import type { SearchOptions, SlimEntryOptions } from '../slim/entry-options.ts';
import type { SlimFlags } from './program.ts';

/** The options of a verb that slims, from its flags. */
export function slimOptionsOf(flags: SlimFlags): SlimEntryOptions {
  const { dryRun, force, redo, upgrade, askStages, placeholders, untrusted, state: stateDirectory } = flags;
  const search = searchOf(flags);
  return { dryRun, force, redo, upgrade, askStages, placeholders, untrusted, stateDirectory, search };
}

/** The requested search; null for none. */
function searchOf({
  minimal,
  searchOnly,
  strategy: other,
  aggressive,
  maxRuns,
}: SlimFlags): SearchOptions | null {
  const strategy = other ?? (searchOnly ? 'search-only' : minimal ? 'minimal' : null);
  return strategy === null ? null : { strategy, aggressive, maxRuns };
}
