/** Shorter lines of a secret are let through: to hide every `a` would hide the log. */
const SHORTEST = 4;

/**
 * Puts `***` where a line of a secret stands in what a build prints, since `set -x` and failing programs show what
 * they were given. What a program prints in another form (encoded, cut into pieces) is not found.
 */
export function maskSecrets(secrets: Iterable<Buffer>): (text: string) => string {
  const lines = [...secrets].flatMap((secret) => secret.toString('utf8').split('\n'));
  const words = [...new Set(lines.map((line) => line.trim()).filter(({ length }) => length >= SHORTEST))];
  words.sort((a, b) => b.length - a.length);
  return (text) => words.reduce((masked, word) => masked.replaceAll(word, '***'), text);
}
