import { addedLines } from '../added-lines.ts';
import { type Entry, pathIn } from '../entry.ts';
import type { Rule } from '../rule.ts';

export const gitignoreLine: Rule = {
  code: 'gitignore-line',
  severity: 'note',
  about:
    'No .gitignore line for the files that kraft leaves in an entry: `.unikraft/`, and `.config*` if it builds a kernel.',
  of: 'entry',
  *check(entry) {
    const { gitignore, frame, names } = entry;
    if (entry.folder === null || entry.folder === 'tests') return;
    if (gitignore === null && names.has('.gitignore')) return;
    const lines = [gitignore, frame.gitignore].flatMap((source) => source?.text.split(/\r?\n/) ?? []);
    const covered = new Set(
      lines.map((line) =>
        line
          .trim()
          .replace(/^(?:\*\*\/|\/)/, '')
          .replace(/\/$/, ''),
      ),
    );
    const missing = wanted(entry).filter((line) => !covered.has(line.replace(/^\//, '').replace(/\/$/, '')));
    if (missing.length === 0) return;
    const file = pathIn(entry, '.gitignore');
    const message = `git does not ignore ${missing.join(' and ')}, which kraft leaves behind`;
    const edits = [addedLines(file, gitignore, missing)];
    yield { file, range: gitignore === null ? null : { start: 0, end: 0 }, message, edits };
  },
};

function wanted({ kraftfiles }: Entry): string[] {
  const buildsKernel = kraftfiles.some(({ kraftfile }) => kraftfile?.unikraft != null);
  return buildsKernel ? ['/.unikraft/', '/.config*'] : ['/.unikraft/'];
}
