import { askedPort } from '../asked-port.ts';
import type { Rule } from '../rule.ts';

export const readmePort: Rule = {
  code: 'readme-port',
  severity: 'warning',
  about: 'A client in a README that connects to a port which no `kraft run -p` maps.',
  of: 'readme',
  *check({ source: { file }, lines, runs }) {
    const ports = new Set(runs.flatMap(({ run }) => run.ports.map(({ host }) => host)));
    if (runs.length === 0) return;
    for (const { words, range } of lines) {
      const requested = askedPort(words);
      if (requested === undefined || ports.has(requested)) continue;
      const given = ports.size === 0 ? 'gives none' : `gives ${[...ports].join(', ')}`;
      yield { file, range, message: `${words[0]} asks port ${requested}, kraft run ${given}` };
    }
  },
};
