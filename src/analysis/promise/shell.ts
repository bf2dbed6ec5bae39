import { imagePath } from '../../shared/image-path.ts';
import { runsScripts } from './interpreters.ts';
import type { PromiseRule } from './rule.ts';

/**
 * The shell of system(3) and popen(3): scripts run commands by it (`subprocess` with `shell=True`, `exec` in PHP and
 * Node.js, backquotes in Perl and Ruby). Only on a runtime that is Linux to the app, since other kernels start no
 * second program.
 */
export const shell: PromiseRule = {
  name: 'shell',
  needs: (context) => (context.isLinux && runsScripts(context) ? [imagePath('/bin/sh')] : []),
};
