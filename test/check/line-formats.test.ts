import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/check/finding.ts';
import { checkstyle } from '../../src/check/formats/checkstyle.ts';
import { codeClimate } from '../../src/check/formats/code-climate.ts';
import { gnu } from '../../src/check/formats/gnu.ts';
import { junit } from '../../src/check/formats/junit.ts';

const FOUND: Finding = {
  code: 'name-mismatch',
  severity: 'warning',
  entry: 'library/nginx/1.25',
  file: 'library/nginx/1.25/Kraftfile',
  place: { line: 3, column: 7 },
  message: 'name is <a> & "b"',
  edits: [],
  source: { file: 'library/nginx/1.25/Kraftfile', text: 'spec: v0.6\n\nname: a\n' },
};
const ABSENT: Finding = {
  ...FOUND,
  code: 'readme-missing',
  severity: 'error',
  file: 'examples/a/README.md',
  place: { line: 1, column: 1 },
  message: 'none',
  source: null,
};
const HOSTILE: Finding = {
  ...FOUND,
  file: '::error::x\u202e/\u001b[31mKraftfile',
  message: "two\nlines\u0000\ufffe\ud800 ]]> 'q' ##vso[task] \u001b[31m\"/><failure/>",
};
const shown = (...findings: Finding[]) => ({ root: '/c', base: '/c', failOn: 'error' as const, findings });

describe('checkstyle', () => {
  test('has a file with its errors, and info for a note', () => {
    const text = String(checkstyle.show(shown(FOUND, { ...FOUND, severity: 'note' }, ABSENT)));
    expect(text).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<checkstyle version="4.3">
  <file name="library/nginx/1.25/Kraftfile">
    <error line="3" column="7" severity="warning" message="name is &lt;a&gt; &amp; &quot;b&quot;" source="kraft-slim.name-mismatch"/>
    <error line="3" column="7" severity="info" message="name is &lt;a&gt; &amp; &quot;b&quot;" source="kraft-slim.name-mismatch"/>
  </file>
  <file name="examples/a/README.md">
    <error line="1" column="1" severity="error" message="none" source="kraft-slim.readme-missing"/>
  </file>
</checkstyle>`);
  });
});

describe('junit', () => {
  test('has a test for each finding, and failures where the command fails', () => {
    expect(String(junit.show(shown(FOUND, ABSENT)))).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="kraft-slim check" tests="2" failures="1" errors="0" skipped="1">
  <testsuite name="library/nginx/1.25/Kraftfile" tests="1" failures="0" errors="0" skipped="1">
    <testcase name="name-mismatch 3:7" classname="library/nginx/1.25/Kraftfile" file="library/nginx/1.25/Kraftfile" line="3">
      <skipped message="warning: library/nginx/1.25/Kraftfile:3: name is &lt;a&gt; &amp; &quot;b&quot;"/>
    </testcase>
  </testsuite>
  <testsuite name="examples/a/README.md" tests="1" failures="1" errors="0" skipped="0">
    <testcase name="readme-missing 1:1" classname="examples/a/README.md" file="examples/a/README.md" line="1">
      <failure type="error" message="examples/a/README.md:1: none"/>
    </testcase>
  </testsuite>
</testsuites>`);
    const strict = String(junit.show({ ...shown(FOUND), failOn: 'warning' }));
    expect(strict).toContain('failures="1"');
    expect(strict).toContain('<failure type="warning"');
  });

  test('has a passed test where nothing is found', () => {
    const text = String(junit.show(shown()));
    expect(text).toContain('tests="1" failures="0"');
    expect(text).toContain('<testcase name="nothing found"');
  });
});

describe('in XML, foreign words', () => {
  test.each([checkstyle, junit])('cannot leave their attribute: $name', ({ show }) => {
    const text = String(show(shown(HOSTILE)));
    const body = text.replaceAll('\n', '');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 refuses them
    expect(body).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e\ufffe\ud800]/);
    expect(text).toContain(
      'two&#10;lines\\x00\\ufffe\\ud800 ]]&gt; &apos;q&apos; ##vso[task] \\x1b[31m&quot;/&gt;&lt;failure/&gt;',
    );
    const tags = text.match(/<[^<>]*>/g) ?? [];
    expect(tags.filter((tag) => tag.includes('<failure')).length).toBeLessThanOrEqual(1);
    expect(tags.join('\n').length + (text.match(/\n */g) ?? []).join('').length).toBeGreaterThanOrEqual(
      text.length,
    );
  });
});

describe('gnu', () => {
  test('has a line for each finding', () => {
    expect(String(gnu.show(shown(FOUND, ABSENT)))).toBe(
      'library/nginx/1.25/Kraftfile:3:7: warning: name is <a> & "b" [name-mismatch]\n' +
        'examples/a/README.md: error: none [readme-missing]',
    );
    expect(String(gnu.show(shown()))).toBe('');
  });

  test('no foreign word ends a line, colours it, or is a command to a CI', () => {
    const text = String(gnu.show(shown(HOSTILE)));
    expect(text.split('\n')).toHaveLength(1);
    expect(text).toMatch(/^\\::error::x\\u202e\/\\x1b\[31mKraftfile:3:7: /);
    expect(text).not.toContain('##vso[');
  });
});

describe('codeclimate', () => {
  test('has what GitLab requires of an issue', () => {
    const issues = JSON.parse(String(codeClimate.show(shown(FOUND, FOUND, ABSENT))));
    expect(issues).toHaveLength(3);
    expect(issues[0]).toEqual({
      type: 'issue',
      check_name: 'name-mismatch',
      description: FOUND.message,
      categories: ['Bug Risk'],
      severity: 'minor',
      fingerprint: expect.stringMatching(/^[\da-f]{32}$/),
      location: { path: FOUND.file, lines: { begin: 3, end: 3 } },
    });
    expect(issues[1].fingerprint).toBe(`${issues[0].fingerprint}-2`);
    expect(issues[2]).toMatchObject({ severity: 'major', location: { lines: { begin: 1 } } });
  });
});
