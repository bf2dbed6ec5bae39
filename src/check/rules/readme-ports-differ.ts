import type { ReadmeRunLine } from '../readme.ts';
import type { Rule } from '../rule.ts';

export const readmePortsDiffer: Rule = {
  code: 'readme-ports-differ',
  severity: 'warning',
  about: 'Two `kraft run` lines of a README that map different ports.',
  of: 'readme',
  *check({ source: { file }, runs }) {
    const [first, ...more] = runs.filter(({ run }) => run.kraftfile === null && run.args === null);
    for (const line of more) {
      if (first === undefined || portsOf(line) === portsOf(first)) continue;
      const message = `kraft run maps ${portsOf(line) || 'no port'} here, and ${portsOf(first) || 'none'} above`;
      yield { file, range: line.range, message };
    }
  },
};

function portsOf({ run }: ReadmeRunLine): string {
  return run.ports
    .map(({ host, guest }) => `${host}:${guest}`)
    .sort()
    .join(', ');
}
