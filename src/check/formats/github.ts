import { type WorkflowCommand, workflowCommand } from '../../words/ci-log.ts';
import { commandsDocument } from '../../words/document.ts';
import type { Finding, Severity } from '../finding.ts';
import type { Format, ShownReport } from './format.ts';
import { pathOf } from './paths.ts';

/** Workflow commands, which GitHub Actions shows as annotations at the lines of a change. */
export const github: Format = {
  name: 'github',
  show: (shown) => commandsDocument(shown.findings.map((finding) => command(finding, shown))),
};

const LEVELS = { error: 'error', warning: 'warning', note: 'notice' } as const satisfies Record<
  Severity,
  string
>;

function command({ code, severity, file, place, message }: Finding, shown: ShownReport): WorkflowCommand {
  const properties = { file: pathOf(file, shown), line: place.line, col: place.column, title: code };
  return workflowCommand(LEVELS[severity], properties, message);
}
