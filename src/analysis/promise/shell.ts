import { imagePath } from '../../shared/image-path.ts';
import { runsScripts } from './interpreters.ts';
import { keptCode } from './kept-code.ts';
import type { PromiseContext, PromiseRule } from './rule.ts';

/**
 * The shell of system(3) and popen(3): scripts run commands by it (`subprocess` with `shell=True`, `exec` in PHP and
 * Node.js, backquotes in Perl and Ruby), and so does a program that calls these functions, or wordexp(3). Only on a
 * runtime that is Linux to the app, since other kernels start no second program.
 */
export const shell: PromiseRule = {
  name: 'shell',
  needs: (context) =>
    context.isLinux && (runsScripts(context) || callsShell(context)) ? [imagePath('/bin/sh')] : [],
};

/** Libraries import these functions for callers that there may not be. */
function callsShell({ tree, programs }: PromiseContext): boolean {
  return keptCode({ tree, kept: new Set(programs) }).imports('system', 'popen', 'wordexp');
}
