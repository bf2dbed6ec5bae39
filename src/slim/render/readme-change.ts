import { join } from 'node:path';
import { README } from '../../catalog/entry-files.ts';
import { readReadmeBlocks } from '../../entry/readme-blocks.ts';
import type { RootfsUnit } from '../../entry/unit.ts';
import { fillReadme, type ReadmeFacts } from '../../render/fill-readme.ts';
import { mistakesError, type SourceFile } from '../../shared/diagnostic.ts';
import { readText } from '../../store/read.ts';
import type { FileChange } from '../file-change.ts';
import type { WarningListener } from '../reporter.ts';

/**
 * The README beside a unit's Dockerfile, where it has blocks to be filled; else null.
 * @throws UserError `config-invalid` where a marker lacks its other half.
 */
export async function readReadme({
  name,
  directory,
  catalogRoot: root,
}: Pick<RootfsUnit, 'name' | 'directory' | 'catalogRoot'>): Promise<SourceFile | null> {
  const text = readText(join(directory, README), { root, kind: 'README' }) ?? '';
  const source = { file: join(name, README), text };
  const { blocks, diagnostics } = readReadmeBlocks(text);
  if (diagnostics.length > 0) throw mistakesError('config-invalid', [{ source, diagnostics }]);
  return blocks.length === 0 ? null : source;
}

/** The change of a README whose blocks say something else than what was found; what is left alone is warned of. */
export function readmeChanges(
  { warn }: WarningListener,
  readme: SourceFile | null,
  facts: ReadmeFacts,
): FileChange[] {
  if (readme === null) return [];
  const { text, left } = fillReadme(readme, facts);
  for (const why of left) warn({ code: 'readme-block', message: `${README}: ${why}` });
  return text === readme.text ? [] : [{ name: README, before: readme.text, after: text }];
}
