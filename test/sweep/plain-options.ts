import type { SlimEntryOptions } from '../../src/slim/entry-options.ts';

/** Options as they are where none is given. */
export const PLAIN: SlimEntryOptions = {
  dryRun: false,
  force: false,
  redo: false,
  upgrade: false,
  askStages: false,
  placeholders: false,
  untrusted: false,
  search: null,
  stateDirectory: null,
};
