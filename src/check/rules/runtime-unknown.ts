import { classOf } from '../../entry/unit.ts';
import type { Rule } from '../rule.ts';

export const runtimeUnknown: Rule = {
  code: 'runtime-unknown',
  severity: 'note',
  about: 'A `runtime` of which the catalog has only other versions.',
  of: 'kraftfile',
  *check({ source: { file }, kraftfile, entry: { frame } }) {
    if (kraftfile?.runtime == null || classOf(kraftfile) !== 'runtime-delta') return;
    const { name, version, reference, range } = kraftfile.runtime;
    const same = frame.library.filter((image) => image.name === name);
    if (same.length === 0 || same.some((image) => (image.version ?? 'latest') === (version ?? 'latest')))
      return;
    const known = same.map((image) => `${name}:${image.version ?? 'latest'}`).join(', ');
    yield { file, range, message: `the runtime is ${reference}, the catalog has ${known}` };
  },
};
