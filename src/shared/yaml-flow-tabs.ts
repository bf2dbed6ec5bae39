import type { Diagnostic } from './diagnostic.ts';

/**
 * The indent of a line inside brackets, where a tab is in it: behind `[`, `{` or a comma, or before a closing
 * bracket.
 */
const FLOW_INDENT = /(?<=[[{,][ \t]*(?:#[^\n]*)?\n)[ ]*\t[ \t]*|(?<=\n)[ ]*\t[ \t]*(?=[\]}])/g;

/** libyaml takes tabs between the items of a list in brackets, the parser here does not: the same with spaces. */
export function withoutFlowTabs(text: string): string {
  return text.includes('\t') ? text.replace(FLOW_INDENT, (indent) => ' '.repeat(indent.length)) : text;
}

/** The tabs that `withoutFlowTabs` takes away, as mistakes. */
export function flowTabs(text: string): Diagnostic[] {
  const message = 'a tab indents a line inside brackets: use spaces';
  return [...text.matchAll(FLOW_INDENT)].map(({ 0: indent, index }) => {
    const start = index + indent.indexOf('\t');
    return { message, range: { start, end: start + 1 } };
  });
}
