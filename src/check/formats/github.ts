import type { Finding, Severity } from '../finding.ts';
import type { Format, Shown } from './format.ts';
import { pathOf } from './paths.ts';

/** Workflow commands, which GitHub Actions shows as annotations at the lines of a change. */
export const github: Format = {
  name: 'github',
  show: (shown) => shown.findings.map((finding) => command(finding, shown)).join('\n'),
};

const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'notice' };

function command({ code, severity, file, place, message }: Finding, shown: Shown): string {
  const path = property(pathOf(file, shown));
  const where = `file=${path},line=${place.line},col=${place.column}`;
  return `::${COMMANDS[severity]} ${where},title=${property(code)}::${data(message)}`;
}

/** What ends a line or a property is escaped as the runner's toolkit does it. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
