import { jsonDocument } from '../../words/document.ts';
import type { Severity } from '../finding.ts';
import { distinctFingerprints } from '../fingerprint.ts';
import type { Format } from './format.ts';
import { pathOf } from './paths.ts';

/**
 * The list of issues that GitLab shows beside a merge request, a part of Code Climate's format:
 * https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format.
 */
export const codeClimate: Format = {
  name: 'codeclimate',
  show: (shown) => {
    const fingerprints = distinctFingerprints(shown.findings);
    return jsonDocument(
      shown.findings.map(({ code, severity, file, place, message }, at) => ({
        type: 'issue',
        check_name: code,
        description: message,
        categories: ['Bug Risk'],
        severity: SEVERITY[severity],
        fingerprint: fingerprints[at],
        location: { path: pathOf(file, shown), lines: { begin: place.line, end: place.line } },
      })),
    );
  },
};

const SEVERITY = { error: 'major', warning: 'minor', note: 'info' } as const satisfies Record<
  Severity,
  string
>;
