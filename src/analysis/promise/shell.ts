import { imagePath } from '../../shared/image-path.ts';
import { runsScripts } from './interpreters.ts';
import { keptCode } from './kept-code.ts';
import type { PromiseContext, PromiseRule } from './rule.ts';

/**
 * The shell of system(3) and popen(3): scripts run commands by it (`subprocess` with `shell=True`, `exec` in PHP and
 * Node.js, backquotes in Perl and Ruby), and so do programs that call these functions or have its path in their bytes.
 */
export const shell: PromiseRule = {
  name: 'shell',
  needs: (context) => (runsScripts(context) || runsCommands(context) ? [imagePath('/bin/sh')] : []),
};

function runsCommands({ tree, kept, programs }: PromiseContext): boolean {
  if (keptCode({ tree, kept }).imports('system', 'popen', 'wordexp')) return true;
  return keptCode({ tree, kept: new Set(programs) }).names('/bin/sh');
}
