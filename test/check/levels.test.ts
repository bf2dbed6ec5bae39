import { describe, expect, test } from 'vitest';
import { runCheck } from '../../src/check/run-check.ts';
import type { Files } from '../support/catalog.ts';
import { folderWith } from './folder.ts';

const HELLO = 'examples/helloworld-gcc13.2';
const SERVER = 'examples/httpserver-python3.12';

async function found(files: Files, fix = false) {
  await using folder = await folderWith(files);
  const { findings, fixed } = await runCheck([folder.path], { only: [], skip: [], fix });
  return { findings: findings.map(({ code, severity }) => `${severity} ${code}`), fixed };
}

/** Two unused stages, the second below a comment and an empty line. */
const unused = (comment: string, blank = ''): Files => ({
  [`${HELLO}/Dockerfile`]: (text) =>
    `${comment}\n${blank}FROM alpine:3 AS one\n\nFROM alpine:3 AS two\n\n${text}`,
});

describe('levels of the settings', () => {
  test('hold for all entries below, the nearest wins, and off finds nothing', async () => {
    const settings = (level: string) => `check: { rules: { cmd-relative: ${level} } }\n`;
    const relative: Files = {
      [`${HELLO}/Kraftfile`]: (text) => text.replace('"/helloworld"', '"helloworld"'),
    };
    expect((await found(relative)).findings).toEqual(['warning cmd-relative']);
    expect((await found({ ...relative, 'kraft-slim.yaml': settings('error') })).findings).toEqual([
      'error cmd-relative',
    ]);
    const both = { 'kraft-slim.yaml': settings('error'), [`${HELLO}/kraft-slim.yaml`]: settings('note') };
    expect((await found({ ...relative, ...both })).findings).toEqual(['note cmd-relative']);
    expect((await found({ ...relative, 'kraft-slim.yaml': settings("'off'") })).findings).toEqual([]);
  });

  test('hold for the entries of a section', async () => {
    const settings = `entries: { '${SERVER}': { check: { rules: { readme-missing: 'off' } } } }\n`;
    const files = {
      [`${HELLO}/README.md`]: null,
      [`${SERVER}/README.md`]: null,
      'kraft-slim.yaml': settings,
    };
    expect((await found(files)).findings).toEqual(['warning readme-missing']);
  });

  test('that are off are not fixed', async () => {
    const files: Files = {
      ...unused('# a'),
      'kraft-slim.yaml': "check: { rules: { stage-unused: 'off' } }\n",
    };
    expect(await found(files, true)).toEqual({ findings: [], fixed: [] });
  });
});

describe('a comment', () => {
  const two = ['warning stage-unused', 'warning stage-unused'];
  test.each([
    ['of another rule silences nothing', unused('# kraft-slim: ignore=add-remote'), two],
    ['silences the lines below it', unused('# kraft-slim: ignore=stage-unused for tests'), two.slice(1)],
    ['silences several rules', unused('# kraft-slim: ignore=add-remote,stage-unused'), two.slice(1)],
    ['above an empty line silences the file', unused('# kraft-slim: ignore=stage-unused', '\n'), []],
    ['of Docker silences the file by our names', unused('# check=skip=stage-unused'), []],
    [
      'of Docker that fails on warnings silences all the same',
      unused('# check=error=true;skip=stage-unused'),
      [],
    ],
    ['that only looks like one silences nothing', unused('# kraft-slim: ignored=stage-unused'), two],
  ])('%s', async (_, files, findings) => {
    expect((await found(files)).findings).toEqual(findings);
  });

  test('of Docker knows what Docker calls its checks', async () => {
    const lower = (comment: string): Files => ({
      [`${HELLO}/Dockerfile`]: (text) => `${comment}\n${text.replace(' AS ', ' as ')}`,
    });
    expect((await found(lower('# a'))).findings).toEqual(['note from-as-case']);
    expect((await found(lower('# check=skip=FromAsCasing'))).findings).toEqual([]);
    expect((await found(lower('# check=skip=all'))).findings).toEqual([]);
    expect((await found(lower('# a\n# check=skip=FromAsCasing'))).findings).toEqual(['note from-as-case']);
  });

  test('in a Kraftfile silences the key below', async () => {
    const files: Files = {
      [`${HELLO}/Kraftfile`]: (text) =>
        text.replace('cmd: ["/h', '# kraft-slim: ignore=cmd-relative found by the app\ncmd: ["h'),
    };
    expect((await found(files)).findings).toEqual([]);
  });
});
