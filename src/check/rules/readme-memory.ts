import type { ReadmeRunLine } from '../readme.ts';
import type { Rule } from '../rule.ts';

export const readmeMemory: Rule = {
  code: 'readme-memory',
  severity: 'warning',
  about: 'Two `kraft run` lines of a README that give the app different memory, or a line that gives none.',
  of: 'readme',
  *check({ source: { file }, runs }) {
    for (const [at, line] of runs.entries()) {
      if (isExample(line)) continue;
      const other = runs.slice(0, at).find((before) => !isExample(before) && isSameRun(before, line));
      if (other === undefined || other.run.memoryBytes === line.run.memoryBytes) continue;
      const message = `kraft run ${memoryOf(line)} here, and ${memoryOf(other)} above`;
      yield { file, range: line.range, message };
    }
  },
};

/** The catalog shows there how to give an app more memory. */
function isExample({ section }: ReadmeRunLine): boolean {
  return section === 'Inspect and Close';
}

function isSameRun({ run: first }: ReadmeRunLine, { run: other }: ReadmeRunLine): boolean {
  return first.kraftfile === other.kraftfile && JSON.stringify(first.args) === JSON.stringify(other.args);
}

function memoryOf({ words }: ReadmeRunLine): string {
  const at = words.findIndex((word) => word === '-M' || word === '--memory');
  const joined = words.find((word) => /^(?:-M|--memory=)\S/.test(word));
  return at >= 0 ? `has -M ${words[at + 1] ?? ''}` : joined === undefined ? 'has no -M' : `has ${joined}`;
}
