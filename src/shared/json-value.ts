/** The value of a JSON text; null where it is none. The parser's own message would quote the text. */
export function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A JSON value as a map; an empty map for any other value. */
export function asMap(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** A JSON value as a text; empty for any other value. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
