import { applySplices, type Splice } from '../kraftfile/splice-entry.ts';
import { withErofsOption, withImageOption } from './cloud-command.ts';
import { commandsIn } from './commands.ts';
import type { Form } from './form.ts';

/**
 * The commands of a workflow in another form. `kraft cloud deploy` stays: it reads both specs, and the action that runs
 * it has no other program.
 */
export function migrateWorkflow(text: string, to: Form): string {
  const lines = [...text.matchAll(/.+/g)].map(({ index, 0: line }) => ({
    start: index,
    end: index + line.trimEnd().length,
  }));
  const splices = commandsIn(text, lines).flatMap(({ text: command, range }): Splice[] => {
    const rewritten = to === 'erofs' ? withErofsOption(command) : withImageOption(command);
    return rewritten === null || 'why' in rewritten ? [] : [{ range, replacement: rewritten.text }];
  });
  return applySplices(text, splices);
}
