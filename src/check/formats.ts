import { checkstyle } from './formats/checkstyle.ts';
import { codeClimate } from './formats/code-climate.ts';
import type { Format } from './formats/format.ts';
import { github } from './formats/github.ts';
import { gnu } from './formats/gnu.ts';
import { json } from './formats/json.ts';
import { junit } from './formats/junit.ts';
import { sarif } from './formats/sarif.ts';

/** The forms of a report for other programs. */
export const FORMATS: readonly Format[] = [json, sarif, github, junit, checkstyle, codeClimate, gnu];
