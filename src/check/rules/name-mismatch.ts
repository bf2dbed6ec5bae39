import { posix } from 'node:path';
import type { EntryKraftfile } from '../entry.ts';
import type { Rule } from '../rule.ts';

export const nameMismatch: Rule = {
  code: 'name-mismatch',
  severity: 'warning',
  about: 'A `name` that is another than the directory says.',
  of: 'kraftfile',
  *check(subject) {
    const { source, kraftfile, root } = subject;
    const entry = root?.entries.get('name');
    const expected = expectedName(subject);
    if (entry === undefined || kraftfile?.name == null || expected === null) return;
    if (kraftfile.name.toLowerCase() === expected.toLowerCase()) return;
    const { file } = source;
    const range = entry.node.range;
    const written = source.text.slice(range.start, range.end).trimEnd();
    const isPlain = written === kraftfile.name && entry.anchor === null;
    const edits = isPlain
      ? [{ file, range: { start: range.start, end: range.start + written.length }, replacement: expected }]
      : [];
    yield { file, range, message: `name is ${kraftfile.name}, the directory says ${expected}`, edits };
  },
};

/** `library/redis/7.2` is named redis, `examples/x` x, and `Kraftfile.ls` in it ls; null where nothing is said. */
function expectedName({ name, entry }: EntryKraftfile): string | null {
  if (entry.image !== null) return entry.image.name;
  if (entry.folder !== 'examples') return null;
  return /^Kraftfile\.(?!ya?ml$)(.+)$/.exec(name)?.[1] ?? posix.basename(entry.name);
}
