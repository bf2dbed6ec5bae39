import type { ConfigFile } from '../config/config-schema.ts';
import type { Diagnostic } from '../shared/diagnostic.ts';
import { nearestMatch } from '../shared/nearest-match.ts';
import { rangeAt, type YamlNode } from '../shared/yaml-node.ts';
import { RULES } from './rules.ts';

/** The codes below `check.rules` that no rule has, in the settings and in their sections for entries. */
export function unknownRules({ entries = {}, ...settings }: ConfigFile, root: YamlNode | null): Diagnostic[] {
  const codes = RULES.map(({ code }) => code);
  const sections = Object.entries(entries).map(([glob, section]) => ({ path: ['entries', glob], section }));
  return [{ path: [], section: settings }, ...sections].flatMap(({ path, section }) =>
    Object.keys(section.check?.rules ?? {}).flatMap((code) => {
      if (codes.includes(code)) return [];
      const nearest = nearestMatch(code, codes);
      const hint = nearest === undefined ? 'docs/checks.md lists them' : `did you mean ${nearest}?`;
      const range = rangeAt(root, [...path, 'check', 'rules', code], 'key');
      return [{ message: `check.rules has no rule ${code}: ${hint}`, range }];
    }),
  );
}
