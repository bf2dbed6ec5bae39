import type { Git } from '../programs/git.ts';
import { UserError } from '../shared/failure.ts';

/** How git keeps the content of a file. It is read from attributes and settings, and no filter runs for it. */
export type Storing = {
  /** `text`: with LF for every CRLF; `auto`: the same for files without a NUL byte; `exact`: byte by byte. */
  readonly lineEnds: 'text' | 'auto' | 'exact';
  /** The attribute that has another program or another encoding rewrite the content, as `filter=lfs`; null for none. */
  readonly rewrittenBy: string | null;
};

const ATTRIBUTES = ['text', 'crlf', 'eol', 'filter', 'ident', 'working-tree-encoding'] as const;

type Attributes = Readonly<Partial<Record<string, string>>>;

/** How git keeps a file, by its path from the top. gitattributes(5). */
export async function storingOf(git: Git, path: string): Promise<Storing> {
  const answer = await git.run(['check-attr', '-z', ...ATTRIBUTES, '--', path]);
  const fields = answer.split('\0');
  const attributes: Record<string, string> = {};
  for (let at = 0; at + 2 < fields.length; at += 3) attributes[fields[at + 1] ?? ''] = fields[at + 2] ?? '';
  const autocrlf = await git.run(['config', '--get', 'core.autocrlf']).catch(() => '');
  return storingBy(attributes, autocrlf.trim());
}

/** The decision alone: attributes as `check-attr` says them, and the value of `core.autocrlf`. */
export function storingBy(attributes: Attributes, autocrlf: string): Storing {
  const attribute = (name: string) => {
    const value = attributes[name] ?? 'unspecified';
    return value === 'unspecified' ? null : value;
  };
  const rewriting = ['filter', 'working-tree-encoding', 'ident'].find(
    (name) => attribute(name) !== null && attribute(name) !== 'unset',
  );
  const rewrittenBy = rewriting === undefined ? null : `${rewriting}=${attribute(rewriting)}`;
  return { lineEnds: lineEndsBy(attribute, autocrlf), rewrittenBy };
}

function lineEndsBy(attribute: (name: string) => string | null, autocrlf: string): Storing['lineEnds'] {
  const text = attribute('text') ?? attribute('crlf');
  if (text === 'unset') return 'exact';
  if (text === 'auto') return 'auto';
  if (text === 'set' || text === 'input' || attribute('eol') !== null) return 'text';
  return ['true', 'yes', 'on', '1', 'input'].includes(autocrlf.toLowerCase()) ? 'auto' : 'exact';
}

/** Content as git would keep it, line ends alone considered. */
export function storedContent(content: Buffer, lineEnds: Storing['lineEnds']): Buffer {
  if (lineEnds === 'exact' || (lineEnds === 'auto' && content.includes(0))) return content;
  return Buffer.from(content.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
}

/** @throws UserError `refused` where content would have to pass a program that attributes name. */
export function insistOnNoProgram(path: string, { rewrittenBy }: Storing): void {
  if (rewrittenBy === null) return;
  throw new UserError('refused', `cannot commit ${path}: its attribute ${rewrittenBy} has git rewrite it`, {
    hint: `git add ${JSON.stringify(path)} and commit it by hand: kraft-slim runs no filter of a catalog`,
  });
}
