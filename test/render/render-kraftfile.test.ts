import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readKraftfile } from '../../src/kraftfile/read-kraftfile.ts';
import {
  type ComponentContent,
  type KconfigGroup,
  type KraftfileContent,
  renderKraftfile,
} from '../../src/render/render-kraftfile.ts';
import { upgradeKraftfile } from '../../src/render/upgrade-kraftfile.ts';
import { drawn } from '../support/samples.ts';

const EMPTY: KraftfileContent = {
  spec: 'v0.6',
  name: null,
  runtime: null,
  rootfs: null,
  cmd: [],
  env: {},
  labels: {},
  template: null,
  unikraft: null,
  libraries: {},
  targets: [],
};

test('a library entry is written as the catalog writes it', () => {
  const component = (name: string, kconfig: readonly KconfigGroup[] = []): ComponentContent => ({
    source: `https://github.com/unikraft/${name}.git`,
    version: 'staging',
    kconfig,
  });
  const groups: KconfigGroup[] = [
    { title: null, options: { CONFIG_PAGING: 'y' } },
    {
      title: 'The environment of the program',
      options: {
        CONFIG_LIBPOSIX_ENVIRON_ENVP0: 'PATH=/usr/bin:/bin',
        CONFIG_LIBPOSIX_ENVIRON_LIBPARAM_MAXCOUNT: '64',
      },
    },
    {
      title: 'Memory',
      options: { CONFIG_LIBUKBOOT_HEAP_BASE: '0x400000000', CONFIG_STACK_SIZE_PAGE_ORDER: 4 },
    },
    { title: 'Nothing', options: {} },
  ];
  const text = renderKraftfile({
    ...EMPTY,
    name: 'web',
    rootfs: './Dockerfile',
    cmd: ['/usr/bin/web', '-g', 'daemon off;'],
    template: component('app-elfloader'),
    unikraft: component('unikraft', groups),
    libraries: {
      lwip: component('lib-lwip', [{ title: null, options: { CONFIG_LWIP_TCP: 'y' } }]),
      libelf: component('lib-libelf'),
    },
    targets: ['fc/x86_64', 'qemu/x86_64'],
  });
  expect(text).toBe(`spec: v0.6

name: web

rootfs: ./Dockerfile

cmd: ["/usr/bin/web", "-g", "daemon off;"]

template:
  source: https://github.com/unikraft/app-elfloader.git
  version: staging

unikraft:
  source: https://github.com/unikraft/unikraft.git
  version: staging
  kconfig:
    CONFIG_PAGING: 'y'

    # The environment of the program
    CONFIG_LIBPOSIX_ENVIRON_ENVP0: "PATH=/usr/bin:/bin"
    CONFIG_LIBPOSIX_ENVIRON_LIBPARAM_MAXCOUNT: '64'

    # Memory
    CONFIG_LIBUKBOOT_HEAP_BASE: '0x400000000'
    CONFIG_STACK_SIZE_PAGE_ORDER: 4

libraries:
  lwip:
    source: https://github.com/unikraft/lib-lwip.git
    version: staging
    kconfig:
      CONFIG_LWIP_TCP: 'y'
  libelf:
    source: https://github.com/unikraft/lib-libelf.git
    version: staging

targets:
- fc/x86_64
- qemu/x86_64
`);
});

describe('dollars', () => {
  const priced = { ...EMPTY, name: '$5', cmd: ['$HOME'], env: { A: '${B}' } };

  test('are escaped in v0.6', () => {
    expect(renderKraftfile(priced)).toBe(
      'spec: v0.6\n\nname: "$$5"\n\ncmd: ["$$HOME"]\n\nenv:\n  A: "$${B}"\n',
    );
  });

  test('are left alone in v0.7', () => {
    expect(renderKraftfile({ ...priced, spec: 'v0.7' })).toBe(
      'spec: v0.7\n\nname: "$5"\n\ncmd: ["$HOME"]\n\nenv:\n  A: "${B}"\n',
    );
  });
});

/** Texts that mean something to YAML, to variables or to no reader. */
const text = fc.oneof(
  fc.constantFrom(
    'y',
    'no',
    'on',
    '~',
    '1.10',
    '0x10',
    '',
    ' a ',
    '- a',
    '# a',
    'a: b',
    '$$',
    '${A}',
    '{{b}}',
    "it's",
    '"',
    '\\',
    'é',
    '\n',
    '&a',
    '*a',
    '!t',
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);
const name = text.filter((one) => one.trim() !== '');
const key = fc.oneof(
  fc.constantFrom('A', 'y', '<<', '1', '__proto__', 'cloud.example.v1/a', 'CONFIG_X', 'a b'),
  fc.stringMatching(/^[A-Z_]{1,8}$/),
);
const pairs = fc.dictionary(key, text, { maxKeys: 4, noNullPrototype: true });
const kconfig = fc
  .array(
    fc.record({
      title: fc.option(fc.constantFrom('Memory', 'What it asks')),
      options: fc.dictionary(fc.stringMatching(/^[A-Z_]{1,8}$/), fc.oneof(text, fc.nat(9999)), {
        maxKeys: 4,
        noNullPrototype: true,
      }),
    }),
    { maxLength: 3 },
  )
  // the same option in two groups would be a duplicate key
  .filter((groups) => {
    const keys = groups.flatMap(({ options }) => Object.keys(options));
    return new Set(keys).size === keys.length;
  });
const component = fc.record({ source: name, version: text, kconfig });
const contents: fc.Arbitrary<KraftfileContent> = fc.record({
  spec: fc.constantFrom('v0.6', 'v0.7'),
  name: fc.option(name),
  runtime: fc.option(name),
  rootfs: fc.option(name.filter((one) => !one.includes('\n'))),
  cmd: fc.array(text, { maxLength: 4 }),
  env: pairs,
  labels: pairs,
  template: fc.option(component),
  unikraft: fc.option(component),
  libraries: fc.dictionary(key, component, { maxKeys: 2, noNullPrototype: true }),
  targets: fc.array(fc.constantFrom('qemu/x86_64', 'fc/x86_64', 'xen/x86_64'), { maxLength: 2 }),
});

test('a rendered file read back says the same, and is as an upgrade would leave it', () => {
  fc.assert(
    fc.property(contents, (content) => {
      const rendered = renderKraftfile(content);
      const { spec, cmd, env, labels, template, unikraft, libraries, targets, ...read } = readKraftfile({
        file: 'Kraftfile',
        text: rendered,
      });
      expect({ spec, name: read.name, cmd: cmd?.argv ?? [] }).toEqual({
        spec: content.spec,
        name: content.name,
        cmd: content.cmd,
      });
      expect(read.runtime?.reference ?? null).toBe(content.runtime);
      expect(read.rootfs.kind === 'absent' ? null : read.rootfs.path).toBe(content.rootfs);
      expect([...env]).toEqual(Object.entries(content.env));
      expect([...labels]).toEqual(Object.entries(content.labels));
      expect(template).toEqual(componentOf(content.template));
      expect(unikraft).toEqual(componentOf(content.unikraft));
      expect([...libraries]).toEqual(
        Object.entries(content.libraries).map(([one, library]) => [one, componentOf(library)]),
      );
      expect(targets.map(({ platform, architecture }) => `${platform}/${architecture}`)).toEqual(
        content.targets,
      );
      expect(read.warnings).toEqual([]);
      expect(upgradeKraftfile({ file: 'Kraftfile', text: rendered })).toBe(rendered);
    }),
    drawn({ ci: 100, soak: 500 }),
  );
});

function componentOf(content: ComponentContent | null) {
  if (content === null) return null;
  const { source, version, kconfig: groups } = content;
  const options = groups.flatMap((group) => Object.entries(group.options));
  return { source, version, kconfig: new Map(options.map(([option, value]) => [option, String(value)])) };
}
