import { groupBy } from '../../shared/group-by.ts';
import { xmlDocument } from '../../words/document.ts';
import type { XmlElement } from '../../words/xml.ts';
import { type Finding, isAtLeast } from '../finding.ts';
import type { Format, ShownReport } from './format.ts';
import { pathOf } from './paths.ts';

/**
 * JUnit's XML as Jenkins and GitLab read it (https://github.com/testmoapp/junitxml): a suite for each file, a test for
 * each finding. A finding that makes the command fail is a failure, each other finding is a skipped test.
 */
export const junit: Format = {
  name: 'junit',
  show: (shown) => {
    const suites = [...groupBy(shown.findings, ({ file }) => file)].map(([file, findings]) =>
      suiteElement(pathOf(file, shown), findings, shown),
    );
    return xmlDocument({
      name: 'testsuites',
      attributes: { name: 'kraft-slim check', ...countsOf(shown.findings, shown) },
      children: suites.length > 0 ? suites : [NOTHING_FOUND],
    });
  },
};

/** Readers take a report without a test for a run that did not take place. */
const NOTHING_FOUND: XmlElement = {
  name: 'testsuite',
  attributes: { name: 'kraft-slim check', tests: 1, failures: 0, errors: 0, skipped: 0 },
  children: [{ name: 'testcase', attributes: { name: 'nothing found', classname: 'kraft-slim' } }],
};

function countsOf(findings: readonly Finding[], { failOn }: ShownReport) {
  const failures = findings.filter(({ severity }) => isAtLeast(severity, failOn)).length;
  return {
    tests: Math.max(findings.length, 1),
    failures,
    errors: 0,
    skipped: findings.length - failures,
  };
}

function suiteElement(name: string, findings: readonly Finding[], shown: ShownReport): XmlElement {
  const children = findings.map(({ code, severity, place, message }) => {
    const { line } = place;
    const outcome = isAtLeast(severity, shown.failOn)
      ? { name: 'failure', attributes: { type: severity, message: `${name}:${line}: ${message}` } }
      : { name: 'skipped', attributes: { message: `${severity}: ${name}:${line}: ${message}` } };
    const attributes = { name: `${code} ${line}:${place.column}`, classname: name, file: name, line };
    return { name: 'testcase', attributes, children: [outcome] };
  });
  return { name: 'testsuite', attributes: { name, ...countsOf(findings, shown) }, children };
}
