import type { Edit, Finding } from './finding.ts';

/** Texts by file as edits make them. */
export type EditedTexts = ReadonlyMap<string, string>;

/**
 * Puts in the edits of as many findings as go together: those of a finding all or none, and none that touches what
 * another has edited. What is left is found again in the text that results.
 * @param textOf the text of a file before; empty where it is not there
 */
export function applyEdits(findings: readonly Finding[], textOf: (file: string) => string): EditedTexts {
  const taken = new Map<string, Edit[]>();
  for (const { edits } of findings) {
    if (edits.length === 0 || edits.some((edit) => touches(edit, taken.get(edit.file) ?? []))) continue;
    for (const edit of edits) taken.set(edit.file, [...(taken.get(edit.file) ?? []), edit]);
  }
  return new Map([...taken].map(([file, edits]) => [file, applyTo(textOf(file), edits)]));
}

/** Two insertions at one place touch as well: which goes first is not theirs to say. */
function touches({ range }: Edit, others: readonly Edit[]): boolean {
  return others.some((other) => range.start <= other.range.end && other.range.start <= range.end);
}

function applyTo(text: string, edits: readonly Edit[]): string {
  const lastFirst = [...edits].sort((a, b) => b.range.start - a.range.start);
  return lastFirst.reduce(
    (result, { range, replacement }) => result.slice(0, range.start) + replacement + result.slice(range.end),
    text,
  );
}
