import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { configJsonSchema, findConfigIssues, withDefaults } from '../../src/config/config-schema.ts';
import { loadConfig, parseConfig } from '../../src/config/load-config.ts';
import { mergeConfig } from '../../src/config/merge-config.ts';
import { mistakesError } from '../../src/shared/diagnostic.ts';

const WORKLOAD = { env: {}, ready: {}, limits: {} };
const DEFAULTS = {
  build: { args: {}, secrets: [] },
  workload: WORKLOAD,
  check: { rules: {} },
  pr: {},
  keep: [],
  drop: [],
  budget: {},
  assume: [],
};

describe('from disk', () => {
  let catalogRoot = '';
  beforeEach(async () => {
    catalogRoot = await mkdtemp(join(tmpdir(), 'load-config-'));
  });
  afterEach(() => rm(catalogRoot, { recursive: true }));

  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(catalogRoot, path)), { recursive: true });
    await writeFile(join(catalogRoot, path), text);
  };
  const load = (entry: string) =>
    loadConfig({ entryDirectory: join(catalogRoot, entry), catalogRoot, untrusted: false });

  test('without a file there are the defaults', async () => {
    expect(await load('library/nginx')).toEqual(DEFAULTS);
  });

  test('the nearest file wins key by key', async () => {
    await write('kraft-slim.yaml', 'build: {args: {A: root, B: root}, network: host}\nkeep: [/root]\n');
    await write('library/kraft-slim.yaml', 'build: {args: {B: library}}\n');
    await write('library/nginx/kraft-slim.yaml', 'build: {network: default}\ndrop: [/x]\n');
    expect(await load('library/nginx')).toEqual({
      ...DEFAULTS,
      build: { args: { A: 'root', B: 'library' }, secrets: [], network: 'default' },
      keep: ['/root'],
      drop: ['/x'],
      budget: {},
      assume: [],
    });
    expect((await load('library/redis')).build.network).toBe('host');
  });

  test('sections apply by the path from the root, and secrets by the file that names them', async () => {
    const section = 'entries:\n  library/*:\n    build: {secrets: [{id: t, file: token}]}\n';
    await write('library/kraft-slim.yaml', section);
    const secrets = [{ id: 't', file: join(catalogRoot, 'library/token') }];
    expect((await load('library/nginx')).build.secrets).toEqual(secrets);
    expect((await load('library/nginx/1.22')).build.secrets).toEqual([]);
  });

  test('a section can be of one Kraftfile of an entry', async () => {
    const sections = 'entries:\n  a/*: {keep: [/any]}\n  a/b/Kraftfile.ls: {keep: [/ls]}\n';
    await write('kraft-slim.yaml', sections);
    const location = { entryDirectory: join(catalogRoot, 'a/b'), catalogRoot, untrusted: false };
    expect((await loadConfig({ ...location, kraftfile: 'Kraftfile.ls' })).keep).toEqual(['/ls']);
    expect((await loadConfig({ ...location, kraftfile: 'Kraftfile.cat' })).keep).toEqual(['/any']);
    expect((await loadConfig(location)).keep).toEqual(['/any']);
  });

  test('more globs than a root file system can be searched for in a moment are refused', async () => {
    const list = (count: number) => `[${Array.from({ length: count }, (_, at) => `/a${at}`).join(', ')}]`;
    await write('kraft-slim.yaml', `keep: ${list(126)}\n`);
    await write('a/kraft-slim.yaml', `drop: ${list(125)}\n`);
    await expect(load('a')).rejects.toMatchObject({
      code: 'limit-exceeded',
      message: 'cannot use kraft-slim.yaml for a: keep and drop have more than 250 globs',
    });
    await write('a/kraft-slim.yaml', `drop: ${list(124)}\n`);
    expect((await load('a')).drop).toHaveLength(124);
  });

  test('workloads are joined key by key, and their probes replaced', async () => {
    const far = 'workload: {runs: 3, limits: {pids: 5}, probes: [{kind: output}, {kind: output}]}\n';
    await write('kraft-slim.yaml', far);
    await write('a/kraft-slim.yaml', 'workload: {limits: {memory: 1G}, probes: [{kind: tcp, port: 7}]}\n');
    expect((await load('a')).workload).toEqual({
      ...WORKLOAD,
      runs: 3,
      limits: { pids: 5, memory: '1G' },
      probes: [{ kind: 'tcp', port: 7, send: '' }],
    });
  });

  test('an entry elsewhere has only its own file', async () => {
    await write('a/kraft-slim.yaml', 'keep: [/a]\n');
    await write('b/kraft-slim.yaml', 'keep: [/b]\n');
    const config = await loadConfig({
      entryDirectory: join(catalogRoot, 'a'),
      catalogRoot: join(catalogRoot, 'b'),
      untrusted: false,
    });
    expect(config.keep).toEqual(['/a']);
  });

  test('the mistakes of all files come in one error', async () => {
    await write('kraft-slim.yaml', 'keeps: [a]\n');
    await write('a/kraft-slim.yaml', 'keep: [\n');
    await expect(load('a')).rejects.toMatchObject({
      code: 'config-invalid',
      message: 'cannot read kraft-slim.yaml: unknown key keeps: did you mean keep? (and 1 more)',
      detail: expect.stringContaining(join('a', 'kraft-slim.yaml:2:1: ')),
    });
  });
});

const SIZE = 'must be a number of bytes, or a size such as 512M';
const KINDS = 'must be http or tcp or output or client or file';
const UNKNOWN = 'unknown key';

describe('mistakes', () => {
  const shown = (text: string) => {
    const source = { file: 'kraft-slim.yaml', text };
    return mistakesError('config-invalid', [{ source, diagnostics: parseConfig(source).diagnostics }]).detail;
  };

  test('each has its line and a caret', () => {
    expect(shown('build:\n  netwrk: host\n')).toBe(
      [
        'kraft-slim.yaml:2:3: unknown key netwrk: did you mean network?',
        '  2 |   netwrk: host',
        '    |   ^',
      ].join('\n'),
    );
  });

  test.each([
    ['- a', '1:1: the file must be a map, not a list'],
    ['keep: /a', '1:7: keep must be a list, not /a'],
    ['keep: [1]', '1:8: keep.0 must be text, not the number 1: put it in quotes'],
    ['keep: [""]', '1:8: keep.0 must not be empty'],
    ['build: {args: {A: 1.10}}', '1:19: build.args.A must be text, not the number 1.10: put it in quotes'],
    ['build: {network: none}', '1:18: build.network must be host or default, not none'],
    ['build: {secrets: [{id: a}]}', '1:19: build.secrets.0 must have either file or env'],
    ['build: {secrets: [{id: a, file: b, env: C}]}', '1:19: build.secrets.0 must have either file or env'],
    ['build: {secrets: [{file: b}]}', '1:19: build.secrets.0.id must be text, not missing'],
    ['entries: {"a/*": {dro: []}}', '1:19: unknown key dro: did you mean drop?'],
    ['entries: {"a/*": {entries: {}}}', '1:19: unknown key entries'],
    ['keep: [a]\nkeep: [a]', '2:1: the key keep is given twice'],
    ['build:', '1:7: build must be a map, not empty'],
    ['workload: {rns: 3}', '1:12: unknown key rns: did you mean runs?'],
    ['workload: {runs: 1}', '1:18: workload.runs must be at least 2'],
    ['workload: {runs: 2.5}', '1:18: workload.runs must be a whole number, not the number 2.5'],
    ['workload: {limits: {memory: 5X}}', `1:29: workload.limits.memory ${SIZE}`],
    ['workload: {limits: {memory: 0}}', `1:29: workload.limits.memory ${SIZE}`],
    ['workload: {limits: {memory: [1]}}', `1:29: workload.limits.memory ${SIZE}`],
    ['workload: {limits: {pids: 0}}', '1:27: workload.limits.pids must be at least 1'],
    ['workload: {limits: {readySeconds: 0}}', '1:35: workload.limits.readySeconds must be more than 0'],
    ['workload: {ready: {ports: [0]}}', '1:28: workload.ready.ports.0 must be a port, 1 to 65535'],
    ['workload: {network: host}', '1:21: workload.network must be none or bridge, not host'],
    ['workload: {probes: []}', '1:20: workload.probes must have at least one probe'],
    ['workload: {services: [{command: [a], port: [1]}]}', '1:38: unknown key port: did you mean ports?'],
    ['workload: {probes: [curl]}', '1:21: workload.probes.0 must be a map, not curl'],
    ['workload: {probes: [{port: 80}]}', `1:21: workload.probes.0.kind ${KINDS}, not missing`],
    ['workload: {probes: [{kind: htp}]}', `1:28: workload.probes.0.kind ${KINDS}, not htp`],
    ['workload: {probes: [{kind: http}]}', '1:21: workload.probes.0.port must be a number, not missing'],
    [
      'workload: {probes: [{kind: http, port: 80, path: a}]}',
      '1:50: workload.probes.0.path must begin with /',
    ],
    [
      'workload: {probes: [{kind: http, port: 80, stats: 200}]}',
      `1:44: ${UNKNOWN} stats: did you mean status?`,
    ],
    [
      'workload: {probes: [{kind: output, exitcode: 0}]}',
      `1:36: ${UNKNOWN} exitcode: did you mean exitCode?`,
    ],
    ['workload: {probes: [{kind: tcp, port: 80, comand: a}]}', `1:43: ${UNKNOWN} comand`],
    [
      'workload: {probes: [{kind: client, command: []}]}',
      '1:45: workload.probes.0.command must name a program',
    ],
    ['workload: {probes: [{kind: file, path: a}]}', '1:40: workload.probes.0.path must be an absolute path'],
    [
      'entries: {a: {workload: {probes: [{kind: x}]}}}',
      `1:42: entries.a.workload.probes.0.kind ${KINDS}, not x`,
    ],
  ])('%j', (text, mistake) => {
    expect(shown(text)?.split('\n')[0]).toBe(`kraft-slim.yaml:${mistake}`);
  });

  test.each(['', '# nothing\n', '{}'])('%j is none', (text) => {
    expect(parseConfig({ file: 'kraft-slim.yaml', text })).toMatchObject({ config: {}, diagnostics: [] });
  });
});

describe('merging', () => {
  test('later files, then sections, then later sections win; lists are replaced', () => {
    const root = {
      keep: ['r'],
      entries: { '**': { keep: ['all'], drop: ['all'] }, 'a/b': { drop: ['ab'] } },
    };
    expect(mergeConfig([root], ['a/b'])).toEqual({ keep: ['all'], drop: ['ab'] });
    expect(mergeConfig([root, { keep: ['near'] }], ['a/b'])).toEqual({ keep: ['near'], drop: ['ab'] });
    expect(mergeConfig([root], ['c'])).toEqual({ keep: ['all'], drop: ['all'] });
  });

  test('nothing merged gives the defaults', () => {
    expect(withDefaults(mergeConfig([], ['a']))).toEqual(DEFAULTS);
  });
});

test('the JSON Schema judges as the loader does', () => {
  const validate = new Ajv2020({ strict: false }).compile(configJsonSchema());
  for (const data of [
    {},
    {
      build: { args: { A: 'b' }, network: 'host', secrets: [{ id: 'a', env: 'A' }] },
      entries: { 'a/*': { keep: ['/x'] } },
    },
    { build: { secrets: [{ id: 'a' }] } },
    { build: { network: 'x' } },
    { keeps: [] },
    { entries: { a: { entries: {} } } },
    { keep: [''] },
    { workload: { env: { A: 'b' }, ready: { ports: [1], line: 'a' }, runs: 2, network: 'bridge' } },
    { workload: { limits: { memory: '1G', pids: 1, readySeconds: 0.5 } } },
    { workload: { limits: { memory: '1T' } } },
    { workload: { limits: { memory: 0 } } },
    { workload: { limits: { readySeconds: 0 } } },
    { workload: { runs: 1 } },
    { workload: { ready: { ports: [65_536] } } },
    { workload: { probes: [] } },
    { workload: { probes: [{ kind: 'http', port: 80, headers: { A: 'b' } }, { kind: 'output' }] } },
    { workload: { probes: [{ kind: 'http', port: 80, send: 'a' }] } },
    { workload: { probes: [{ kind: 'client', command: ['a'], exitCode: 256 }] } },
    { workload: { probes: [{ kind: 'smtp' }] } },
    { workload: { probes: [{ kind: 'file', path: 'a' }] } },
    { workload: { services: [{ command: ['a'], ports: [1] }] } },
    { workload: { services: [{ command: [] }] } },
  ]) {
    expect(validate(data), JSON.stringify(data)).toBe(findConfigIssues(data).length === 0);
  }
});
