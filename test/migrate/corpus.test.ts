import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readKraftfile } from '../../src/kraftfile/read-kraftfile.ts';
import { FORMS } from '../../src/migrate/form.ts';
import { migrateKraftfile } from '../../src/migrate/kraftfile.ts';
import { UserError } from '../../src/shared/failure.ts';

const CORPUS = join(import.meta.dirname, '../kraftfile/corpus');

/** Every readable Kraftfile of the corpus of odd ones, by its path. */
const READABLE = readdirSync(CORPUS, { recursive: true, encoding: 'utf8', withFileTypes: true })
  .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
  .flatMap((entry): [file: string, text: string][] => {
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
    try {
      readKraftfile({ file: entry.name, text });
    } catch (error) {
      if (error instanceof UserError) return [];
      throw error;
    }
    return [[join(entry.parentPath, entry.name), text]];
  });

test.each(FORMS)(
  'odd Kraftfiles become %s in one step, and keep every comment, or stay for a reason',
  (to) => {
    let migrated = 0;
    for (const [file, text] of READABLE) {
      const first = migrateKraftfile({ file, text }, to);
      if ('kept' in first) {
        expect(first.kept, file).not.toBe('');
        continue;
      }
      if (first.text !== text) migrated += 1;
      expect(migrateKraftfile({ file, text: first.text }, to), file).toEqual(first);
      const comments = (of: string) => (of.match(/(?<=^|\s)# .*/gm) ?? []).map((one) => one.trimEnd()).sort();
      expect(comments(first.text), file).toEqual(comments(text));
    }
    expect(migrated).toBeGreaterThan(5);
  },
);
