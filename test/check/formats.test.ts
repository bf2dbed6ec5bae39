import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/check/finding.ts';
import { github } from '../../src/check/formats/github.ts';
import { json } from '../../src/check/formats/json.ts';
import { sarif } from '../../src/check/formats/sarif.ts';
import { RULES } from '../../src/check/rules.ts';
import { schemaFaults } from '../support/schemas.ts';

const FOUND: Finding = {
  code: 'name-mismatch',
  severity: 'warning',
  entry: 'library/nginx/1.25',
  file: 'library/nginx/1.25/Kraftfile',
  place: { line: 3, column: 7 },
  message: 'name is 100 %, the directory says nginx\nor so',
  edits: [{ file: 'x', range: { start: 0, end: 0 }, replacement: '' }],
  source: { file: 'library/nginx/1.25/Kraftfile', text: '' },
};
const ABSENT: Finding = {
  ...FOUND,
  code: 'readme-missing',
  severity: 'error',
  entry: '.',
  file: 'examples/g++ [1], 2:3/README.md',
  place: { line: 1, column: 1 },
  message: 'none',
  edits: [],
  source: null,
};
const SHOWN = {
  root: '/catalogs/one',
  base: '/catalogs',
  failOn: 'error',
  findings: [FOUND, ABSENT],
} as const;

describe('json', () => {
  test('is the document of the contract', () => {
    const document = JSON.parse(String(json.show(SHOWN)));
    expect(schemaFaults(document)).toEqual([]);
    expect(document.findings[0]).toEqual({
      code: 'name-mismatch',
      severity: 'warning',
      entry: 'library/nginx/1.25',
      file: 'library/nginx/1.25/Kraftfile',
      line: 3,
      column: 7,
      message: FOUND.message,
      fixable: true,
    });
    expect(schemaFaults(JSON.parse(String(json.show({ ...SHOWN, findings: [] }))))).toEqual([]);
  });

  test('and the schema is strict', () => {
    const [finding] = JSON.parse(String(json.show(SHOWN))).findings;
    const document = (changed: object) => ({
      schema: 'kraft-slim/check/1',
      findings: [{ ...finding, ...changed }],
    });
    expect(schemaFaults(document({}))).toEqual([]);
    for (const changed of [
      { severity: 'info' },
      { line: 0 },
      { extra: 1 },
      { fixable: null },
      { code: '' },
    ]) {
      expect(schemaFaults(document(changed))).not.toEqual([]);
    }
  });
});

describe('sarif', () => {
  const [run] = JSON.parse(String(sarif.show(SHOWN))).runs;

  test('names each rule, and results are of them', () => {
    expect(JSON.parse(String(sarif.show(SHOWN))).version).toBe('2.1.0');
    expect(run.tool.driver.rules).toHaveLength(RULES.length);
    for (const { ruleId, ruleIndex } of run.results) {
      expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
    }
  });

  test('has levels, places and relative URIs', () => {
    const [first, second] = run.results;
    expect(first).toMatchObject({ level: 'warning', message: { text: FOUND.message } });
    expect(first.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: 'one/library/nginx/1.25/Kraftfile', uriBaseId: '%SRCROOT%' },
          region: { startLine: 3, startColumn: 7 },
        },
      },
    ]);
    const { physicalLocation } = second.locations[0];
    expect(physicalLocation).toEqual({
      artifactLocation: {
        uri: 'one/examples/g%2B%2B%20%5B1%5D%2C%202%3A3/README.md',
        uriBaseId: '%SRCROOT%',
      },
    });
  });
});

test('github: one workflow command a line, with what would end it escaped', () => {
  expect(String(github.show(SHOWN)).split('\n')).toEqual([
    '::warning file=one/library/nginx/1.25/Kraftfile,line=3,col=7,title=name-mismatch::name is 100 %25, the directory says nginx%0Aor so',
    '::error file=one/examples/g++ [1]%2C 2%3A3/README.md,line=1,col=1,title=readme-missing::none',
  ]);
  expect(String(github.show({ ...SHOWN, findings: [{ ...FOUND, severity: 'note' }] }))).toMatch(/^::notice /);
});
