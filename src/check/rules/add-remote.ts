import { isRemoteSource } from '../../dockerfile/copied-from-context.ts';
import { flagOf } from '../../dockerfile/model.ts';
import type { Rule } from '../rule.ts';

export const addRemote: Rule = {
  code: 'add-remote',
  severity: 'warning',
  about: 'An ADD of a URL without a checksum: nobody notices when it brings something else.',
  of: 'dockerfile',
  *check({ source: { file }, stages }) {
    for (const { instruction, copy } of stages.flatMap(({ instructions }) => instructions)) {
      if (instruction.keyword !== 'ADD' || flagOf(instruction, 'checksum') !== undefined) continue;
      const source = copy?.sources.find((one) => isRemoteSource(one) && !one.endsWith('.git'));
      if (source === undefined) continue;
      yield { file, range: instruction.range, message: `ADD fetches ${source} without --checksum` };
    }
  },
};
