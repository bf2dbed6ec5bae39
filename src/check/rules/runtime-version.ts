import { classOf } from '../../entry/unit.ts';
import type { Rule } from '../rule.ts';
import { contradicts, versionsInName } from '../versions.ts';

export const runtimeVersion: Rule = {
  code: 'runtime-version',
  severity: 'warning',
  about: 'A `runtime` whose version differs from the version in the directory’s name.',
  of: 'kraftfile',
  *check({ source: { file }, kraftfile, entry }) {
    if (kraftfile?.runtime == null || classOf(kraftfile) !== 'runtime-delta' || entry.folder !== 'examples')
      return;
    const { name, version, reference, range } = kraftfile.runtime;
    const said = versionsInName(entry.name).find((candidate) => candidate.name === name);
    if (said === undefined || version === null || !/^\d/.test(version)) return;
    if (!contradicts(said.version, version)) return;
    const message = `the runtime is ${reference}, the directory ${entry.name} says ${name} ${said.version}`;
    yield { file, range, message };
  },
};
