import { describe, expect, test } from 'vitest';
import { mistakesOf, read, v06, v07 } from '../support/kraftfile-text.ts';

describe('spec', () => {
  test.each([
    ['spec: v0.6', 'v0.6'],
    ['spec: "0.6"', 'v0.6'],
    ['spec: v0.7.0', 'v0.7'],
    ['specification: v0.7', 'v0.7'],
    ['spec: 0.7', 'v0.7'],
    ['spec: 0.6', 'v0.6'],
  ])('%s is %s', (text, spec) => {
    expect(read(text).spec).toBe(spec);
  });

  test('v0.5 as text is read as v0.6, with a warning as kraft gives it', () => {
    const { spec, warnings } = read('spec: v0.5');
    expect([spec, warnings.map(({ code }) => code)]).toEqual(['v0.6', ['kraftfile-old-form']]);
  });

  test.each([
    ['name: a', 'Kraftfile:1:1: the key spec is missing: a Kraftfile begins with spec: v0.6'],
    ['spec: v0.4', 'Kraftfile:1:7: the spec v0.4 is not supported: v0.6 and v0.7 are'],
    ['spec: 0.5', 'Kraftfile:1:7: the spec 0.5 is not supported: v0.6 and v0.7 are'],
    ['spec: v0.8', 'Kraftfile:1:7: the spec v0.8 is not supported: v0.6 and v0.7 are'],
    ['spec:', 'Kraftfile:1:6: spec must be text, not empty'],
    [
      'spec: v0.6\nspecification: v0.6',
      'Kraftfile:2:1: spec and specification are the same: give one of them',
    ],
  ])('%j is a mistake', (text, mistake) => {
    expect(mistakesOf(text)).toEqual([mistake]);
  });
});

describe('cmd', () => {
  test('is a list of texts, variables replaced in v0.6', () => {
    const text = 'spec: v0.6\ncmd: ["/bin/$A", "${B:-b}", "$$C", "5$"]\n';
    expect(read(text, { A: 'x' }).cmd?.argv).toEqual(['/bin/x', 'b', '$C', '5$']);
  });

  test('keeps its dollars in v0.7', () => {
    expect(v07('cmd: ["$A", "$$"]').cmd?.argv).toEqual(['$A', '$$']);
  });

  test('as one text is one argument in v0.6, with a warning', () => {
    const { cmd, warnings } = v06('cmd: /bin/a -b');
    expect(cmd?.argv).toEqual(['/bin/a -b']);
    expect(warnings.map(({ code }) => code)).toEqual(['kraftfile-cmd-text']);
  });

  test('as one text is split like a shell in v0.7', () => {
    expect(v07('cmd: "/bin/a -b \'c d\'"').cmd?.argv).toEqual(['/bin/a', '-b', 'c d']);
  });

  test.each([['cmd:'], ['cmd: ~'], ['name: a']])('%j gives none', (text) => {
    expect(v06(text).cmd).toBeNull();
  });

  test.each([
    ['cmd: [a, 8080]', 'Kraftfile:2:10: cmd[1] must be text, not the number 8080: put it in quotes'],
    ['cmd: [on]', 'Kraftfile:2:7: cmd[0] must be text, not the boolean on: put it in quotes'],
    ['cmd: [a, ]\nname: [x]', 'Kraftfile:3:7: name must be text, not a list'],
    ['cmd:\n- a\n- b: c', 'Kraftfile:4:3: cmd[1] must be text, not a map'],
    ['cmd:\n- a\n-', 'Kraftfile:4:2: cmd[1] must be text, not empty'],
    ['cmd: {a: b}', 'Kraftfile:2:6: cmd must be a list, not a map'],
    ['cmd: ["${A"]', 'Kraftfile:2:7: cmd[0]: ${A is no variable: write $$ for a literal dollar'],
  ])('%j is a mistake', (text, mistake) => {
    expect(mistakesOf(`spec: v0.6\n${text}`)).toEqual([mistake]);
  });

  test('an unset variable is empty, with a warning', () => {
    const { cmd, warnings } = v06('cmd: ["$HOME/x"]');
    expect(cmd?.argv).toEqual(['/x']);
    expect(warnings.map(({ code }) => code)).toEqual(['kraftfile-unset-variable']);
  });
});

describe('components', () => {
  test.each([
    ['runtime: base:latest', { reference: 'base:latest', name: 'base', version: 'latest' }],
    ['runtime: example.org/official/base', { name: 'base', version: null }],
    ['runtime: localhost:5000/a/node:21', { name: 'node', version: '21' }],
    ['runtime: oci://x/y@sha256:ab', { name: 'y', version: 'sha256:ab' }],
    ['runtime: {source: x/base, version: 1}', { name: 'base', version: '1' }],
  ])('%s', (text, expected) => {
    expect(v06(text).runtime).toMatchObject(expected);
  });

  test('kconfig is a map or a list, booleans are y and n, libraries go over the kernel', () => {
    const { kconfig, unikraft, libraries } = v06(
      'unikraft:\n  version: stable\n  kconfig: {A: y, B: no, C: "x y", D: 4}\nlibraries:\n  lwip: {kconfig: [B=y, E=a=b]}\n  musl: stable\n',
    );
    expect(Object.fromEntries(kconfig)).toEqual({ A: 'y', B: 'y', C: 'x y', D: '4', E: 'a=b' });
    expect(unikraft).toMatchObject({ source: null, version: 'stable' });
    expect(libraries.get('musl')).toMatchObject({ source: null, version: 'stable' });
  });

  test('targets are PLATFORM/ARCHITECTURE or maps', () => {
    const { targets } = v06(
      'targets:\n- qemu/x86_64\n- {plat: fc, arch: arm64, name: small}\n- {platform: xen/x86_64}\n',
    );
    expect(targets.map(({ platform, architecture, name }) => [platform, architecture, name])).toEqual([
      ['qemu', 'x86_64', null],
      ['fc', 'arm64', 'small'],
      ['xen', 'x86_64', null],
    ]);
  });

  test('env is a map or a list; what YAML makes of a value is a warning', () => {
    expect(Object.fromEntries(v06('env: [A=b=c, D]').env)).toEqual({ A: 'b=c', D: '' });
    const { env, warnings } = v07('env: {A: 1.10, B: yes, C: 3, D: }');
    expect(Object.fromEntries(env)).toEqual({ A: '1.1', B: 'true', C: '3', D: '' });
    expect(warnings.map(({ message }) => message)).toEqual([
      'env.A: YAML reads 1.10 as 1.1: put it in quotes',
      'env.B: YAML reads yes as true: put it in quotes',
    ]);
  });

  test('volumes, labels and roms', () => {
    const kraftfile = v07('volumes: [a:/b:ro, ./c]\nlabels: {x.y/z: "1"}\nroms: [./a.erofs]\n');
    expect(kraftfile.volumes).toMatchObject([
      { source: 'a', destination: '/b', mode: 'ro', readOnly: true },
      { source: './c', destination: '/' },
    ]);
    expect(kraftfile.labels.get('x.y/z')).toBe('1');
    expect(kraftfile.roms).toMatchObject([{ kind: 'erofs', path: './a.erofs' }]);
  });

  test.each([
    ['targets: qemu/x86_64', 'Kraftfile:2:10: targets must be a list, not text'],
    [
      'targets: [qemu]',
      'Kraftfile:2:11: targets[0] must name a platform and an architecture, as qemu/x86_64 does',
    ],
    ['libraries: [lwip]', 'Kraftfile:2:12: libraries must be a map, not a list'],
    ['libraries: {lwip: }', 'Kraftfile:2:18: libraries.lwip must be a version or a map'],
    ['unikraft: {kconfig: [A]}', 'Kraftfile:2:22: unikraft.kconfig[0] must be KEY=value'],
    ['unikraft: {kconfig: {A: }}', 'Kraftfile:2:24: unikraft.kconfig.A must have a value'],
    [
      'unikraft: {kconfig: {A: [b]}}',
      'Kraftfile:2:25: unikraft.kconfig.A must be a single value, not a list',
    ],
    ['env: A=b', 'Kraftfile:2:6: env must be a map or a list, not text'],
    ['volumes: [a:b:c]', 'Kraftfile:2:11: volumes[0] must be SOURCE:DESTINATION'],
    ['runtime: {version: 1}', 'Kraftfile:2:10: runtime has no source'],
    ['outdir: 3', 'Kraftfile:2:9: outdir must be text, not the number 3: put it in quotes'],
  ])('%j is a mistake', (text, mistake) => {
    expect(mistakesOf(`spec: v0.6\n${text}`)).toEqual([mistake]);
  });
});

describe('keys', () => {
  test('unknown ones are warnings in v0.6', () => {
    expect(v06('rootsf: a\nunikraft: {kconf: {}}\nx-any: 1').warnings.map(({ message }) => message)).toEqual([
      'unknown key rootsf: did you mean rootfs?',
      'unknown key kconf: did you mean kconfig?',
    ]);
  });

  test('unknown ones are mistakes in v0.7', () => {
    expect(mistakesOf('spec: v0.7\nrootsf: a\nwhatever: b\nx-any: 1')).toEqual([
      'Kraftfile:2:1: unknown key rootsf: did you mean rootfs?',
      'Kraftfile:3:1: unknown key whatever',
    ]);
  });

  test('doubled ones are mistakes on the top level, and everywhere in v0.7', () => {
    expect(mistakesOf('spec: v0.6\ncmd: [a]\ncmd: [a]\n')).toEqual([
      'Kraftfile:3:1: the key cmd is given twice',
    ]);
    expect(mistakesOf('spec: v0.7\nenv: {A: b, A: c}')).toEqual(['Kraftfile:2:13: the key A is given twice']);
  });

  test.each([
    ['with one value', '{A: y, A: y}', 'y', 'kraftfile-repeated-key'],
    ['with two values, of which the last counts', '{A: y, A: n}', 'n', 'kraftfile-replaced-key'],
  ])('doubled ones in a v0.6 kconfig are a warning: %s', (_, kconfig, value, code) => {
    const { warnings, kconfig: options } = v06(`unikraft: {kconfig: ${kconfig}}`);
    expect(warnings.map((warning) => warning.code)).toEqual([code]);
    expect(options.get('A')).toBe(value);
  });

  test('that are numbers are texts in v0.7 and mistakes in v0.6', () => {
    expect(Object.fromEntries(v07('env: {1: a}').env)).toEqual({ 1: 'a' });
    expect(mistakesOf('spec: v0.6\nenv: {1: a}')).toEqual([
      'Kraftfile:2:7: a key must be text, not the number 1: put it in quotes',
    ]);
  });
});

describe('what the reader of one spec takes and the other refuses', () => {
  test('a tab inside brackets is a warning, elsewhere a mistake', () => {
    const { cmd, warnings } = v06('cmd: [\n\t"/a",\n\t"b"\n\t]');
    expect(cmd?.argv).toEqual(['/a', 'b']);
    expect(warnings.map(({ code }) => code)).toEqual(['kraftfile-tab', 'kraftfile-tab', 'kraftfile-tab']);
    expect(mistakesOf('spec: v0.6\nenv:\n\tA: b')).toEqual([
      'Kraftfile:3:1: a tab cannot indent YAML: use spaces',
    ]);
  });

  test.each([['spec: v0.6'], ['spec: v0.7']])('labels as a list are a mistake: %s', (spec) => {
    expect(mistakesOf(`${spec}\nlabels:\n- a=b`)).toEqual([
      'Kraftfile:3:1: labels must be a map, not a list',
    ]);
  });

  test.each([
    ['unikraft: 0.17', 'Kraftfile:2:11: unikraft must be text, not the number 0.17: put it in quotes'],
    [
      'unikraft: {version: 0.17}',
      'Kraftfile:2:21: unikraft.version must be text, not the number 0.17: put it in quotes',
    ],
    [
      'libraries: {musl: 1.2}',
      'Kraftfile:2:19: libraries.musl must be text, not the number 1.2: put it in quotes',
    ],
    ['volumes: ./a:/b', 'Kraftfile:2:10: volumes must be a list, not text'],
  ])('v0.6 takes %s, v0.7 does not', (text, mistake) => {
    expect(v06(text).warnings).toEqual([]);
    expect(mistakesOf(`spec: v0.7\n${text}`)).toEqual([mistake]);
  });

  test('v0.7 takes a number for a name and a library without a value, v0.6 does not', () => {
    expect(v07('name: 2048').name).toBe('2048');
    expect(v07('libraries: {musl: }').warnings).toEqual([]);
    expect(mistakesOf('spec: v0.6\nname: 2048\nlibraries: {musl: }')).toEqual([
      'Kraftfile:2:7: name must be text, not the number 2048: put it in quotes',
      'Kraftfile:3:18: libraries.musl must be a version or a map',
    ]);
  });

  test('an e without a digit before it is no number', () => {
    expect(v06('name: e2\ncmd: [/app, -e5]')).toMatchObject({ name: 'e2', cmd: { argv: ['/app', '-e5'] } });
  });
});

describe('files that are no Kraftfile', () => {
  test.each([
    ['', 'Kraftfile:1:1: the file is empty'],
    ['\ufeff# nothing\n', 'Kraftfile:1:1: the file is empty'],
    ['- a', 'Kraftfile:1:1: a Kraftfile must be a map, not a list'],
    ['FROM debian', 'Kraftfile:1:1: a Kraftfile must be a map, not text'],
  ])('%j', (text, mistake) => {
    expect(mistakesOf(text)).toEqual([mistake]);
  });

  test('what is not YAML is reported with its place, and nothing that follows from it is', () => {
    expect(() => read('spec: v0.6\ncmd: ["/a"\nname: x\n')).toThrow(/^cannot read Kraftfile: flow sequence/);
    expect(mistakesOf('spec: v0.6\ncmd: ["/a"\nname: x\n')).toHaveLength(1);
  });

  test('all mistakes come in one error, with their lines and carets', () => {
    try {
      read('spec: v0.6\r\nname: 3\r\ncmd: [1, "a", 2]\r\n');
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({
        message: 'cannot read Kraftfile: name must be text, not the number 3: put it in quotes (and 2 more)',
        detail: [
          'Kraftfile:2:7: name must be text, not the number 3: put it in quotes',
          '  2 | name: 3',
          '    |       ^',
          '',
          'Kraftfile:3:7: cmd[0] must be text, not the number 1: put it in quotes',
          '  3 | cmd: [1, "a", 2]',
          '    |       ^',
          '',
          'Kraftfile:3:15: cmd[2] must be text, not the number 2: put it in quotes',
          '  3 | cmd: [1, "a", 2]',
          '    |               ^',
        ].join('\n'),
      });
    }
  });
});
