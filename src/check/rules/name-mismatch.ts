import { posix } from 'node:path';
import type { EntryKraftfile } from '../entry.ts';
import type { Rule } from '../rule.ts';

export const nameMismatch: Rule = {
  code: 'name-mismatch',
  severity: 'warning',
  about: 'A `name` that differs from the name of the directory.',
  of: 'kraftfile',
  *check(subject) {
    const { source, kraftfile, root } = subject;
    const entry = root?.entries.get('name');
    const [expected, ...others] = expectedNames(subject);
    if (entry === undefined || kraftfile?.name == null || expected === undefined) return;
    const name = kraftfile.name.toLowerCase();
    if ([expected, ...others].some((candidate) => candidate.toLowerCase() === name)) return;
    const { file } = source;
    const { start, end } = entry.node.range;
    const isPlain = source.text.slice(start, end).trimEnd() === kraftfile.name && entry.anchor === null;
    const range = { start, end: start + kraftfile.name.length };
    const edits = isPlain ? [{ file, range, replacement: expected }] : [];
    const message = `name is ${kraftfile.name}, the place of the Kraftfile says ${expected}`;
    yield { file, range: entry.node.range, message, edits };
  },
};

/** `library/redis/7.2` is named redis, `examples/x` x, `Kraftfile.ls` in it ls or x-ls; none where nothing is said. */
function expectedNames({ name, entry }: EntryKraftfile): string[] {
  if (entry.image !== null) return [entry.image.name];
  if (entry.folder !== 'examples') return [];
  const directory = posix.basename(entry.name);
  const [, suffix] = /^Kraftfile\.(?!ya?ml$)(.+)$/.exec(name) ?? [];
  return suffix === undefined ? [directory] : [suffix, `${directory}-${suffix}`];
}
