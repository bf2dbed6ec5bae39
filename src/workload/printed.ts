/** What `printf FORMAT` and `echo TEXT` write; printf's own directives are not known here. */
export function printedBy([tool, ...words]: readonly string[]): string {
  if (tool === 'echo') return `${words.filter((word) => !/^-[neE]+$/.test(word)).join(' ')}\n`;
  const escapes: Record<string, string> = { r: '\r', n: '\n', t: '\t', '\\': '\\' };
  return (words[0] ?? '').replace(/\\(.)/g, (whole, letter: string) => escapes[letter] ?? whole);
}
