import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

/** Each folder of src/ imports only from those before it, and from itself. */
const ORDER = [
  'shared',
  'config',
  'kraftfile',
  'dockerfile',
  'elf',
  'strace',
  'engine',
  'registry',
  'image',
  'entry',
  'workload',
  'analysis',
  'plan',
  'search',
  'render',
  'verify',
  'git',
  'check',
  'slim',
  'sweep',
  'catalog',
  'refresh',
  'scaffold',
  'publish',
  'cli',
];

/** The one place of src/ where each foreign library is known. */
const OWNERS: Readonly<Record<string, string>> = {
  '@grpc/grpc-js': 'engine',
  '@vercel/nft': 'analysis/rules',
  bullmq: 'sweep/queue',
  commander: 'cli',
  diff: 'cli',
  dockerode: 'engine',
  handlebars: 'render',
  ioredis: 'sweep/queue',
  'log-update': 'cli',
  protobufjs: 'engine',
  'simple-git': 'git',
  'tar-stream': 'image',
  undici: 'registry',
  yaml: 'shared/yaml-source.ts',
  'yocto-spinner': 'cli',
  zod: 'config',
};

/** Files by their path below src/, with their text. */
type Sources = ReadonlyMap<string, string>;

function sourcesOf(table: Readonly<Record<string, string>>): Sources {
  return new Map(Object.entries(table));
}

function readSources(): Sources {
  const names = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.endsWith('.ts')).map((name) => name.replaceAll('\\', '/'));
  return new Map(files.map((name) => [name, readFileSync(join(ROOT, 'src', name), 'utf8')]));
}

/** The code without its comments, of which each begins a line or follows a blank. */
function codeOf(text: string): string {
  return text.replace(/^\s*\/\*[\s\S]*?\*\//gm, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

/** Whatever a file imports, resolves or loads, as it is written. */
function specifiersOf(text: string): string[] {
  const pattern = /(?:\bfrom|\bimport|\b(?:import|require|resolve)\()\s*['"]([\w@./:-]+)['"]/g;
  return [...codeOf(text).matchAll(pattern)].map(([, specifier]) => specifier as string);
}

/** Every import of another file of src/, `[from, to]`. */
function importsOf(sources: Sources): [from: string, to: string][] {
  return [...sources].flatMap(([file, text]) =>
    specifiersOf(text)
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier): [string, string] => [file, posix.join(dirname(file), specifier)]),
  );
}

/** Every import of a package, `[from, package]`; what Node has is none. */
function packagesOf(sources: Sources): [from: string, name: string][] {
  return [...sources].flatMap(([file, text]) =>
    specifiersOf(text)
      .filter((specifier) => !/^(\.|node:|\/)/.test(specifier) && !builtinModules.includes(specifier))
      .map((specifier): [string, string] => [file, /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier]),
  );
}

const folderOf = (file: string) => file.split('/')[0] as string;

function orderFaults(sources: Sources): string[] {
  const unknown = [...sources.keys()].filter((file) => !ORDER.includes(folderOf(file)));
  const wrong = importsOf(sources).filter(
    ([from, to]) => ORDER.indexOf(folderOf(to)) > ORDER.indexOf(folderOf(from)) || !sources.has(to),
  );
  return [
    ...unknown.map((file) => `${file} is in no folder of the order`),
    ...wrong.map(([from, to]) => `${from} must not import ${to}`),
  ];
}

function ownerFaults(sources: Sources, dependencies: readonly string[]): string[] {
  const packages = packagesOf(sources);
  const isOwner = (file: string, name: string) => {
    const owner = OWNERS[name];
    return owner !== undefined && (file === owner || file.startsWith(`${owner}/`));
  };
  return [
    ...dependencies.filter((name) => !(name in OWNERS)).map((name) => `${name} has no owner`),
    ...Object.keys(OWNERS)
      .filter((name) => !dependencies.includes(name))
      .map((name) => `${name} is owned, but is no dependency`),
    ...packages
      .filter(([file, name]) => !isOwner(file, name))
      .map(([file, name]) => `${file} must not import ${name}`),
    ...dependencies
      .filter((name) => name in OWNERS && !packages.some(([, imported]) => imported === name))
      .map((name) => `${name} is imported nowhere`),
  ];
}

/** Only `main.ts` ends the process, and only it knows the table of exit codes. */
function exitFaults(sources: Sources): string[] {
  const ends = /\bprocess\s*\.\s*(exit|exitCode|abort|reallyExit)\b|\bfrom 'node:process'/;
  const ending = [...sources].filter(([file, text]) => file !== 'cli/main.ts' && ends.test(codeOf(text)));
  const knowing = importsOf(sources).filter(
    ([from, to]) => to === 'cli/exit-code.ts' && from !== 'cli/main.ts',
  );
  return [
    ...ending.map(([file]) => `${file} must not end the process`),
    ...knowing.map(([file]) => `${file} must not know exit codes`),
  ];
}

function outputFaults(sources: Sources): string[] {
  return [...sources]
    .filter(
      ([file, text]) =>
        folderOf(file) !== 'cli' && /\bprocess\s*\.\s*std(out|err)\b|\bconsole\s*\./.test(codeOf(text)),
    )
    .map(([file]) => `${file} must not write to the terminal`);
}

/** Lists of unknown length that are handed over as arguments, of which a call takes about 125,000. */
function spreadFaults(sources: Sources): string[] {
  const spread = /\.(?:push|unshift)\(\s*\.\.\.|\bfromC(?:har|odePoint)\w*\(\s*\.\.\./;
  return [...sources]
    .filter(([, text]) => spread.test(codeOf(text)))
    .map(([file]) => `${file} must append items, not spread them`);
}

const sources = readSources();
const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
};

describe('the sources', () => {
  test('were all read, with what they import', () => {
    expect(sources.size).toBeGreaterThan(100);
    expect(importsOf(sources)).toContainEqual(['cli/bin.ts', 'cli/main.ts']);
    expect(packagesOf(sources)).toContainEqual(['image/spool-tar.ts', 'tar-stream']);
  });

  test('import in one direction, through folders that the order knows', () => {
    expect(orderFaults(sources)).toEqual([]);
  });

  test('know each foreign library in one place', () => {
    expect(ownerFaults(sources, Object.keys(dependencies))).toEqual([]);
  });

  test('leave exit codes to main.ts', () => {
    expect(exitFaults(sources)).toEqual([]);
  });

  test('hand over no list of unknown length as arguments', () => {
    expect(spreadFaults(sources)).toEqual([]);
    const planted = { 'slim/a.ts': 'all.push(...more);', 'slim/b.ts': 'String.fromCharCode(...codes)' };
    expect(spreadFaults(sourcesOf(planted))).toHaveLength(2);
  });

  test('leave the terminal to cli', () => {
    expect(outputFaults(sources)).toEqual([]);
  });
});

describe('a planted fault is found:', () => {
  test.each([
    ['an import upwards', { 'plan/a.ts': "import { b } from '../slim/b.ts';", 'slim/b.ts': '' }],
    ['a type from above', { 'plan/a.ts': "import type { B } from '../slim/b.ts';", 'slim/b.ts': '' }],
    ['an export from above', { 'plan/a.ts': "export { b } from '../slim/b.ts';", 'slim/b.ts': '' }],
    [
      'an import upwards over several lines',
      { 'elf/a.ts': "import {\n  b,\n} from '../plan/b.ts';", 'plan/b.ts': '' },
    ],
    ['an import at run time', { 'elf/a.ts': "await import('../plan/b.ts');", 'plan/b.ts': '' }],
    ['an import for its effects', { 'elf/a.ts': "import '../plan/b.ts';", 'plan/b.ts': '' }],
    ['a folder that is not known', { 'utils/a.ts': '' }],
    ['a file outside all folders', { 'a.ts': '' }],
    ['an import from outside src', { 'elf/a.ts': "import x from '../../test/b.ts';" }],
  ])('%s', (_, table) => {
    expect(orderFaults(sourcesOf(table))).toHaveLength(1);
  });

  describe('among sources that import each library where they may,', () => {
    const owned = Object.entries(OWNERS).map(([name, owner]): [string, string] => [
      owner.endsWith('.ts') ? owner : `${owner}/${name.replaceAll('/', '-')}.ts`,
      `import x from '${name}';`,
    ]);
    const faultsWith = (...planted: [string, string][]) =>
      ownerFaults(new Map([...owned, ...planted]), Object.keys(OWNERS));

    test('there is none', () => {
      expect(faultsWith()).toEqual([]);
    });

    test.each([
      ['a library outside its folder', 'slim/a.ts', "import simpleGit from 'simple-git';", 'simple-git'],
      ['a type of it', 'slim/a.ts', "import type { Pack } from 'tar-stream';", 'tar-stream'],
      ['a library outside its file', 'shared/a.ts', "import p from 'yaml';", 'yaml'],
      ['a part of a library', 'image/a.ts', "require.resolve('dockerode/lib/x')", 'dockerode'],
      ['a library that is no dependency', 'cli/a.ts', "import x from '@scope/x/y';", '@scope/x'],
    ])('%s', (_, file, text, name) => {
      expect(faultsWith([file, text])).toEqual([`${file} must not import ${name}`]);
    });

    test('a dependency without an owner', () => {
      expect(ownerFaults(new Map(owned), [...Object.keys(OWNERS), 'left-pad'])).toEqual([
        'left-pad has no owner',
      ]);
    });

    test('a dependency that nobody imports', () => {
      const rest = owned.filter(([file]) => folderOf(file) !== 'git');
      expect(ownerFaults(new Map(rest), Object.keys(OWNERS))).toEqual(['simple-git is imported nowhere']);
    });

    test('an owner of what is no dependency', () => {
      const rest = Object.keys(OWNERS).filter((name) => name !== 'zod');
      expect(ownerFaults(new Map(owned), rest)).toEqual(['zod is owned, but is no dependency']);
    });
  });

  test.each([
    ['cli/bin.ts', 'process.exit(1);'],
    ['slim/a.ts', 'process.exitCode = 1;'],
    ['slim/a.ts', "import { exit } from 'node:process';"],
    ['slim/a.ts', "import { EXIT } from '../cli/exit-code.ts';"],
    ['cli/commands.ts', "import { EXIT } from './exit-code.ts';"],
  ])('in %s: %s', (file, text) => {
    expect(exitFaults(sourcesOf({ [file]: text }))).toHaveLength(1);
  });

  test.each(["process.stdout.write('x')", 'process.stderr.isTTY', "console.log('x')"])(
    'in slim: %s',
    (text) => {
      expect(outputFaults(sourcesOf({ 'slim/a.ts': text }))).toHaveLength(1);
      expect(outputFaults(sourcesOf({ 'cli/a.ts': text }))).toEqual([]);
    },
  );

  test('but words in a comment are no code', () => {
    const text =
      "/**\n * process.exit(1), import x from 'left-pad'\n */\n// console.log('x')\nconst x = 1; // process.exit\n";
    const planted = sourcesOf({ 'slim/a.ts': text });
    expect([...exitFaults(planted), ...outputFaults(planted), ...packagesOf(planted)]).toEqual([]);
  });
});
