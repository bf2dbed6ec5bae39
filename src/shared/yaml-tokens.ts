import type { TextRange } from './diagnostic.ts';

/** What is looked at of a token of the YAML parser (its "concrete syntax tree"). */
export type YamlToken = {
  readonly type: string;
  readonly offset: number;
  readonly source?: string;
  readonly start?: YamlToken | readonly YamlToken[];
  readonly props?: readonly YamlToken[];
  readonly value?: YamlToken | undefined;
  readonly items?: readonly YamlTokenItem[];
  readonly end?: readonly YamlToken[];
};

type YamlTokenItem = {
  readonly start: readonly YamlToken[];
  readonly key?: YamlToken | null;
  readonly sep?: readonly YamlToken[];
  readonly value?: YamlToken;
};

export type TokenSurvey = {
  /** How deep the deepest token stands, and its offset. */
  readonly depth: number;
  readonly deepest: number;
  /** Every comment, in the order of the text. */
  readonly comments: readonly TextRange[];
};

/**
 * Looks at every token. They are walked with a list instead of recursion, so that the depth of the input does not
 * matter.
 */
export function surveyTokens(tokens: readonly YamlToken[]): TokenSurvey {
  const todo = tokens.map((token) => ({ token, depth: 0 }));
  const comments: TextRange[] = [];
  let depth = 0;
  let deepest = 0;
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { token } = next;
    if (next.depth > depth) [depth, deepest] = [next.depth, token.offset];
    if (token.type === 'comment')
      comments.push({ start: token.offset, end: token.offset + (token.source?.length ?? 0) });
    const below = next.depth + (token.items === undefined ? 0 : 1);
    for (const child of childrenOf(token)) todo.push({ token: child, depth: below });
  }
  return { depth, deepest, comments: comments.sort((a, b) => a.start - b.start) };
}

function childrenOf(token: YamlToken): YamlToken[] {
  const children: (YamlToken | null | undefined)[] = [
    ...(Array.isArray(token.start) ? token.start : []),
    ...(token.props ?? []),
    token.value,
    ...(token.items ?? []).flatMap((item) => [...item.start, item.key, ...(item.sep ?? []), item.value]),
    ...(token.end ?? []),
  ];
  return children.filter((child) => child !== null && child !== undefined);
}
