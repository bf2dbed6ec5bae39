import { UserError } from '../shared/failure.ts';
import { isUtf8Name } from '../shared/file-name.ts';
import { parseYaml } from '../shared/yaml-source.ts';
import { visible } from '../words/visible.ts';

/**
 * A text in double quotes as JSON has them, which YAML takes too. What YAML calls not printable is escaped besides
 * (YAML 1.2.2, production 1).
 * @throws UserError `refused` for what is not UTF-8, as YAML is
 */
function quoteText(text: string): string {
  if (!isUtf8Name(text)) {
    throw new UserError('refused', `cannot write ${visible(text)} into the Kraftfile: it is not UTF-8`, {
      hint: 'give it another name in the image',
    });
  }
  return JSON.stringify(text).replace(/[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** A list in one line, as the catalog writes `cmd`: `["/usr/sbin/nginx", "-g", "daemon off;"]`. */
export function writeList(items: readonly string[]): string {
  return `[${items.map(quoteText).join(', ')}]`;
}

/** A text in the quotes that stand there now, or in none where it needs none. */
export function writeText(text: string, before: string): string {
  const isSimple = !/[\n\r\t\\]/.test(text) && quoteText(text).length === text.length + 2;
  if (before.startsWith("'") && isSimple) return `'${text.replaceAll("'", "''")}'`;
  return before.startsWith('"') || !isPlain(text) ? quoteText(text) : text;
}

/** Whether YAML 1.1 reads the text without quotes as this very text, also inside `{}`. */
function isPlain(text: string): boolean {
  if (!/^[\w./-]+(:[\w./-]+)*$/.test(text) || text.startsWith('-')) return false;
  const { root, diagnostics } = parseYaml({ file: '', text }, { version: '1.1' });
  return diagnostics.length === 0 && root?.kind === 'scalar' && root.value === text;
}
