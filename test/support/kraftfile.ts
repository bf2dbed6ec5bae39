import type { UnitKraftfile } from '../../src/entry/unit.ts';
import { readKraftfile } from '../../src/kraftfile/read-kraftfile.ts';

/** A Kraftfile of a unit: spec v0.6 and these lines. */
export function unitKraftfile(lines: readonly string[], name = 'Kraftfile'): UnitKraftfile {
  const text = `${['spec: v0.6', ...lines].join('\n')}\n`;
  return { name, path: `/catalog/entry/${name}`, kraftfile: readKraftfile({ file: name, text }) };
}
