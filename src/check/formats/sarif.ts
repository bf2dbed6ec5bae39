import { VERSION } from '../../shared/version.ts';
import { jsonDocument } from '../../words/document.ts';
import type { Finding } from '../finding.ts';
import { distinctFingerprints } from '../fingerprint.ts';
import { RULES } from '../rules.ts';
import type { Format, ShownReport } from './format.ts';
import { uriOf } from './paths.ts';

/** SARIF 2.1.0, https://docs.oasis-open.org/sarif/sarif/v2.1.0: what code scanning of GitHub and others takes. */
export const sarif: Format = {
  name: 'sarif',
  show: (shown) =>
    jsonDocument({
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results: resultsOf(shown) }],
    }),
};

const driver = {
  name: 'kraft-slim',
  version: VERSION,
  rules: RULES.map(({ code, severity, about }) => ({
    id: code,
    shortDescription: { text: about },
    defaultConfiguration: { level: severity },
  })),
};

function resultsOf(shown: ShownReport) {
  const fingerprints = distinctFingerprints(shown.findings);
  return shown.findings.map((finding, at) => ({
    ...resultOf(shown)(finding),
    partialFingerprints: { 'kraftSlim/v1': fingerprints[at] },
  }));
}

function resultOf(shown: ShownReport) {
  return ({ code, severity, entry, file, place, message, edits, source }: Finding) => ({
    ruleId: code,
    ruleIndex: RULES.findIndex((rule) => rule.code === code),
    level: severity,
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(file, shown), uriBaseId: '%SRCROOT%' },
          ...(source === null ? {} : { region: { startLine: place.line, startColumn: place.column } }),
        },
      },
    ],
    properties: { entry, fixable: edits.length > 0 },
  });
}
