import { writeList } from '../../kraftfile/write-scalar.ts';
import type { EntryKraftfile } from '../entry.ts';
import type { Edit } from '../finding.ts';
import type { Rule } from '../rule.ts';

export const cmdOneWord: Rule = {
  code: 'cmd-one-word',
  severity: 'warning',
  about: 'A `cmd` whose only item is a whole command line: it is one argument, and no program has that name.',
  of: 'kraftfile',
  *check(subject) {
    const { cmd = null } = subject.kraftfile ?? {};
    const [line = '', ...more] = cmd?.argv ?? [];
    if (cmd === null || more.length > 0 || !/^\/\S+\s+\S/.test(line)) return;
    const [program] = line.split(/\s/);
    const message = `cmd is one argument, ${JSON.stringify(line)}: give ${program} and its arguments an item each`;
    yield { file: subject.source.file, range: cmd.range, message, edits: split(subject, line) };
  },
};

/** One item a word, where no quotes or variables leave a doubt about what the words are. */
function split({ source: { file, text }, kraftfile, root }: EntryKraftfile, line: string): Edit[] {
  const cmd = root?.entries.get('cmd');
  if (kraftfile === null || cmd?.node.kind !== 'list' || !/^[\w/.:=,@+%\s-]+$/.test(line)) return [];
  const range = cmd.valueRange;
  const written = text.slice(range.start, range.end);
  if (!/^\[\s*["'][^"'\n#]*["']\s*(?:,\s*)?\]$/.test(written)) return [];
  return [{ file, range, replacement: writeList(line.trim().split(/\s+/)) }];
}
