/** A YAML value to be written in block style; a scalar, or a list in one line, is text as it is to stand there. */
export type BlockValue = string | readonly string[] | readonly BlockPair[];

/** A key of a map in block style. */
export type BlockPair = {
  readonly key: string;
  readonly value: BlockValue;
  /** Lines above it, `# comment` or empty; no blanks before them. */
  readonly above?: readonly string[];
};

/**
 * The lines of a key and its value as the catalog writes them: maps are indented by two spaces, the items of a list
 * are not.
 */
export function writePair({ key, value, above = [] }: BlockPair): string[] {
  return [...above, ...withValue(key, value)];
}

function withValue(key: string, value: BlockValue): string[] {
  if (typeof value === 'string') return [value === '' ? `${key}:` : `${key}: ${value}`];
  if (value.length === 0) return [`${key}: []`];
  const lines = isList(value) ? value.map((item) => `- ${item}`) : value.flatMap(writePair).map(indent);
  return [`${key}:`, ...lines];
}

function isList(value: readonly string[] | readonly BlockPair[]): value is readonly string[] {
  return typeof value[0] === 'string';
}

function indent(line: string): string {
  return line === '' ? '' : `  ${line}`;
}
