import { jsonDocument } from '../../words/document.ts';
import type { Finding } from '../finding.ts';
import type { Format } from './format.ts';

/** The contract's document, docs/schemas/check-1.json. */
export const json: Format = {
  name: 'json',
  show: ({ findings }) => jsonDocument({ schema: 'kraft-slim/check/1', findings: findings.map(documentOf) }),
};

function documentOf({ code, severity, entry, file, place, message, edits }: Finding) {
  return { code, severity, entry, file, ...place, message, fixable: edits.length > 0 };
}
