import type { Entry } from './entry.ts';

const LAST = ['Inspect and Close', '`kraft` and `sudo`', 'Learn More'] as const;

/** The headings of a README in the catalog's order, by the folder that the entry lies in. */
const HEADINGS = {
  library: ['Run and Use', LAST[0], 'Build and Run Locally', LAST[1], LAST[2]],
  examples: ['Set Up', 'Run and Use', ...LAST],
} as const;

/** Null where the catalog asks for none: a part of an example, `examples/net-tools/ping`, adds to the README above. */
export function headingsFor({ folder, name }: Entry): readonly string[] | null {
  if (folder === 'examples') return name.split('/').length === 2 ? HEADINGS.examples : null;
  return folder === 'library' ? HEADINGS.library : null;
}
