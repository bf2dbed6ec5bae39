import type { HostileRow } from '../row.ts';
import { FILE_ROWS } from './files.ts';
import { LIMIT_ROWS } from './limits.ts';
import { PLACE_ROWS } from './places.ts';
import { PROGRAM_ROWS } from './programs.ts';
import { SIZE_ROWS } from './sizes.ts';
import { WORD_ROWS } from './words.ts';

/** Every entry that a stranger wrote, by what it tries. */
export const HOSTILE_ROWS: readonly HostileRow[] = [
  ...FILE_ROWS,
  ...PLACE_ROWS,
  ...PROGRAM_ROWS,
  ...WORD_ROWS,
  ...SIZE_ROWS,
  ...LIMIT_ROWS,
];
