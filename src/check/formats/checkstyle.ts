import { groupBy } from '../../shared/group-by.ts';
import { xmlDocument } from '../../words/document.ts';
import type { XmlElement } from '../../words/xml.ts';
import type { Finding, Severity } from '../finding.ts';
import type { Format } from './format.ts';
import { pathOf } from './paths.ts';

/** The XML of Checkstyle, which reviewdog, Jenkins and editors read: https://checkstyle.sourceforge.io. */
export const checkstyle: Format = {
  name: 'checkstyle',
  show: (shown) =>
    xmlDocument({
      name: 'checkstyle',
      attributes: { version: '4.3' },
      children: [...groupBy(shown.findings, ({ file }) => file)].map(([file, findings]) => ({
        name: 'file',
        attributes: { name: pathOf(file, shown) },
        children: findings.map(errorElement),
      })),
    }),
};

const SEVERITY = { error: 'error', warning: 'warning', note: 'info' } as const satisfies Record<
  Severity,
  string
>;

function errorElement({ code, severity, place, message }: Finding): XmlElement {
  const { line, column } = place;
  return {
    name: 'error',
    attributes: { line, column, severity: SEVERITY[severity], message, source: `kraft-slim.${code}` },
  };
}
