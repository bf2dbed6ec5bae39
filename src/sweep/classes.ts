import type { EntryClass } from '../entry/unit.ts';

/** Classes as users name them: by their names in results, or by the letters of the catalog's list. */
export const CLASSES: Readonly<Record<string, EntryClass>> = {
  complete: 'complete',
  'runtime-delta': 'runtime-delta',
  library: 'library',
  native: 'native',
  A: 'complete',
  B: 'runtime-delta',
  C: 'library',
  D: 'native',
};
