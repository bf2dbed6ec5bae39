/** Names that mean the same to every builder without quotes: no blank, glob, quote, variable or backslash. */
const PLAIN = /^[\w./@%+=:,~-]+$/;

/**
 * The words of a COPY instruction after its flags, escaped so that exactly these paths are meant. Odd names take
 * the JSON form: a glob character of a source is written as a class of its own, Go's filepath.Match; then what
 * the builder's own expansion of variables would take, builder/dockerfile/shell of moby; then JSON.
 */
export function copyWords(sources: readonly string[], destination: string): string[] {
  if ([...sources, destination].every((word) => PLAIN.test(word))) return [...sources, destination];
  const words = [
    ...sources.map((source) => escapeExpansion(escapeGlob(source))),
    escapeExpansion(destination),
  ];
  const last = words.length - 1;
  return words.map(
    (word, index) => `${index === 0 ? '[' : ''}${JSON.stringify(word)}${index === last ? ']' : ','}`,
  );
}

/**
 * In a source with a pattern BuildKit takes the names above it as they are, and the classic builder takes none so: there a
 * backslash means itself to both in a class of its own alone.
 */
function escapeGlob(path: string): string {
  if (!/[*?[]/.test(path)) return path;
  return path.replace(/[*?[\\]/g, (char) => (char === '\\' ? '[\\\\]' : `[${char}]`));
}

function escapeExpansion(path: string): string {
  return path.replace(/[\\"'$]/g, '\\$&');
}

/** A path as the argument of WORKDIR, which takes the whole line for one word. */
export function workdirWord(path: string): string {
  return escapeExpansion(path);
}
