import type { Format } from './formats/format.ts';
import { github } from './formats/github.ts';
import { json } from './formats/json.ts';
import { sarif } from './formats/sarif.ts';

/** The forms of a report for other programs. */
export const FORMATS: readonly Format[] = [json, sarif, github];
