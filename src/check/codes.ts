import { UserError } from '../shared/failure.ts';
import { nearestMatch } from '../shared/nearest-match.ts';
import type { Rule } from './rule.ts';
import { RULES } from './rules.ts';

/** Which rules to apply; both lists empty: all. */
export type CodeChoice = { readonly only: readonly string[]; readonly skip: readonly string[] };

/** @throws UserError `usage` for a code that no rule has. */
export function chosenRules({ only, skip }: CodeChoice): readonly Rule[] {
  const codes = RULES.map(({ code }) => code);
  for (const code of [...only, ...skip]) {
    if (codes.includes(code)) continue;
    const nearest = nearestMatch(code, codes);
    throw new UserError('usage', `there is no check ${code}`, {
      hint: nearest === undefined ? 'docs/checks.md lists them' : `did you mean ${nearest}?`,
    });
  }
  const chosen = RULES.filter(
    ({ code }) => (only.length === 0 || only.includes(code)) && !skip.includes(code),
  );
  if (chosen.length === 0) throw new UserError('usage', 'cannot check: --skip leaves out every check');
  return chosen;
}
