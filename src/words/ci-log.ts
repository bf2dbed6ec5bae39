import { visible, visibleLines } from './visible.ts';

/**
 * Lines of which none is a command to a CI that reads this log. GitHub's runner takes `::` behind blanks at a line's
 * start and `##[` anywhere (actions/runner, ActionCommand.cs); Azure takes `##vso[`, TeamCity `##teamcity[`.
 */
export function withoutCommands(lines: string): string {
  return lines.replace(/^([^\S\n]*)::/gm, '$1\\::').replace(/##(?=\w*\[)/g, '#\\#');
}

/** A workflow command of ours; `workflowCommand` alone makes it. */
class Command {
  readonly #line: string;

  constructor(line: string) {
    this.#line = line;
  }

  /** The line, without its end. */
  toString(): string {
    return this.#line;
  }
}
export type WorkflowCommand = Command;

/**
 * A workflow command that shows a foreign message beside a file, escaped as GitHub's toolkit does it
 * (actions/toolkit, packages/core/src/command.ts).
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function workflowCommand(
  level: 'error' | 'warning' | 'notice',
  properties: Readonly<Record<string, string | number>>,
  message: string,
): WorkflowCommand {
  const pairs = Object.entries(properties).map(([name, value]) => `${name}=${property(String(value))}`);
  return new Command(`::${level} ${pairs.join(',')}::${data(visibleLines(message))}`);
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(visible(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
