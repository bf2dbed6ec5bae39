/** Whether the source of a COPY is a pattern: it holds a `*`, `?` or `[` that is not escaped. BuildKit's containsWildcards. */
export function isFilePattern(source: string): boolean {
  return /[*?[]/.test(source.replace(/\\[\s\S]?/g, ''));
}

/**
 * A test for Go's filepath.Match, https://pkg.go.dev/path/filepath#Match: it matches whole paths, `*` and `?` stop
 * at slashes, `**` is nothing special. A malformed pattern matches nothing.
 */
export function filePattern(pattern: string): (path: string) => boolean {
  const tokens = pattern.match(/\\[\s\S]|\[\^?(?:\\[\s\S]|[^\]\\])+\]|[\s\S]/gu) ?? [];
  if (tokens.some((token) => token === '[' || token === '\\')) return () => false;
  try {
    const expression = new RegExp(`^${tokens.map(toExpression).join('')}$`, 'su');
    return (path) => expression.test(path);
  } catch {
    return () => false;
  }
}

function toExpression(token: string): string {
  if (token === '*') return '[^/]*';
  if (token === '?') return '[^/]';
  if (token.startsWith('[')) return characterClass(token);
  return (token.startsWith('\\') ? token.slice(1) : token).replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
}

function characterClass(token: string): string {
  const negated = token.startsWith('[^');
  const members = token.slice(negated ? 2 : 1, -1).match(/\\[\s\S]|[\s\S]/gu) ?? [];
  const escaped = members.map((member) => {
    const char = member.length > 1 && member.startsWith('\\') ? member.slice(1) : member;
    if (member === '-') return '-';
    return /[\\^$.*+?()[\]{}|/-]/.test(char) ? `\\${char}` : char;
  });
  return `[${negated ? '^' : ''}${escaped.join('')}]`;
}
