import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { showVisit, visitSettings } from '../../src/cli/show-visit.ts';
import { findConfigIssues } from '../../src/config/config-schema.ts';
import type { Probe } from '../../src/workload/probe.ts';

const HTTP = {
  kind: 'http',
  port: 80,
  tls: false,
  method: 'GET',
  path: '/',
  headers: {},
  body: null,
  expectStatus: null,
  expect: null,
  showsHead: false,
  follows: false,
} as const;

const PROBES: readonly (readonly [Probe, object])[] = [
  [HTTP, { kind: 'http', port: 80, path: '/' }],
  [
    {
      ...HTTP,
      path: '/a?b={c}',
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: 'yes',
      tls: true,
    },
    {
      kind: 'http',
      port: 80,
      path: '/a?b={c}',
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: 'yes',
      tls: true,
    },
  ],
  [
    { ...HTTP, expectStatus: 404, expect: 'a: "b"\n', follows: true },
    { kind: 'http', port: 80, path: '/', follow: true, status: 404, expect: 'a: "b"\n' },
  ],
  [
    { kind: 'tcp', port: 6379, send: 'PING\r\n', expect: null },
    { kind: 'tcp', port: 6379, send: 'PING\r\n' },
  ],
  [
    { kind: 'output', ends: true, expect: '3', expectExitCode: 1 },
    { kind: 'output', exitCode: 1, expect: '3' },
  ],
  [
    {
      kind: 'client',
      command: ['a', '-b', 'no'],
      image: null,
      env: {},
      input: null,
      expect: null,
      expectExitCode: null,
    },
    { kind: 'client', command: ['a', '-b', 'no'] },
  ],
  [
    { kind: 'file', path: '/a b', expect: null },
    { kind: 'file', path: '/a b' },
  ],
];

describe('what a use adds is offered as valid settings', () => {
  test.each(PROBES)('a probe: %j', (probe, settings) => {
    const data: unknown = parse(visitSettings({ keep: [], probes: [probe] }).join('\n'));
    expect(data).toEqual({ workload: { probes: [settings] } });
    expect(findConfigIssues(data)).toEqual([]);
  });

  test('files', () => {
    const keep = ['/usr/share/a', '/etc/a b#c', '/opt/*', 'no'];
    const data: unknown = parse(visitSettings({ keep, probes: [] }).join('\n'));
    expect(data).toEqual({ keep });
    expect(findConfigIssues(data)).toEqual([]);
  });
});

test('a use that adds nothing says so', () => {
  expect(showVisit({ keep: [], probes: [] }).toString()).toContain('no further file');
});
