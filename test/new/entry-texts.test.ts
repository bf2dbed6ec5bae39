import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeBlocks } from '../../src/entry/code-blocks.ts';
import { readmeRuns } from '../../src/entry/readme-runs.ts';
import { readKraftfile } from '../../src/kraftfile/read-kraftfile.ts';
import { entryTexts, type NewEntry } from '../../src/new/entry-texts.ts';
import { isUtf8Name } from '../../src/shared/file-name.ts';
import { workloadFromReadme } from '../../src/workload/from-readme.ts';
import { anyHostile } from '../support/hostile.ts';

const LIBRARY: NewEntry = {
  entry: 'library/redis/7.2',
  image: 'redis:7.2-bookworm',
  argv: ['/usr/bin/redis-server', '/etc/$redis.conf'],
  env: {},
  usage: {
    ports: [{ host: 6379, guest: 6379 }],
    prints: null,
    commands: [
      { says: 'Store something', line: 'redis-cli -h localhost -p 6379 set planet venus', shown: 'OK' },
      { says: 'Ask for it', line: "printf 'PING\\r\\n' | nc -w 1 localhost 6379", shown: '+PONG' },
    ],
  },
};
const EXAMPLE: NewEntry = {
  ...LIBRARY,
  entry: 'examples/hello',
  env: { MODE: 'slim' },
  usage: { ports: [], prints: 'Hello!', commands: [] },
};

const textOf = (entry: NewEntry, name: string) => entryTexts(entry).get(name) ?? '';
const headings = (text: string) => text.match(/^#+ .*$/gm);

describe('a library entry', () => {
  test('has the headings of the catalog, in their order', () => {
    expect(headings(textOf(LIBRARY, 'README.md'))).toEqual([
      '# Redis 7.2',
      '## Run and Use',
      '## Inspect and Close',
      '## Build and Run Locally',
      '## `kraft` and `sudo`',
      '## Learn More',
    ]);
  });

  test('has a Kraftfile with the kernel of the others, and its command', () => {
    const kraftfile = readKraftfile({ file: 'Kraftfile', text: textOf(LIBRARY, 'Kraftfile') });
    expect(kraftfile).toMatchObject({ spec: 'v0.6', name: 'redis', runtime: null, warnings: [] });
    expect(kraftfile.cmd?.argv).toEqual(LIBRARY.argv);
    expect(kraftfile.template?.source).toBe('https://github.com/unikraft/app-elfloader.git');
    expect(kraftfile.kconfig.get('CONFIG_LIBPOSIX_ENVIRON_ENVP2')).toBe('HOME=/');
    expect(kraftfile.targets.map(({ platform }) => platform)).toEqual(['fc', 'qemu']);
  });

  test('has a README whose workload is what was found', () => {
    const { ports, probes, source } = workloadFromReadme(textOf(LIBRARY, 'README.md'));
    expect({ ports, source }).toEqual({ ports: [6379], source: 'readme' });
    expect(probes).toMatchObject([
      { kind: 'client', expect: 'OK' },
      { kind: 'tcp', send: 'PING\r\n', expect: '+PONG' },
    ]);
  });
});

describe('an example', () => {
  test('has the headings of the catalog, in their order', () => {
    expect(headings(textOf(EXAMPLE, 'README.md'))).toEqual([
      '# hello',
      '## Set Up',
      '## Run and Use',
      '## Inspect and Close',
      '## `kraft` and `sudo`',
      '## Learn More',
    ]);
  });

  test('is on the base runtime, with the variables of its wrapper', () => {
    const kraftfile = readKraftfile({ file: 'Kraftfile', text: textOf(EXAMPLE, 'Kraftfile') });
    expect(kraftfile).toMatchObject({ name: 'hello', template: null, runtime: { reference: 'base:latest' } });
    expect(kraftfile.env).toEqual(new Map([['MODE', 'slim']]));
  });

  test('that runs once has to print what it printed', () => {
    expect(workloadFromReadme(textOf(EXAMPLE, 'README.md')).probes).toEqual([
      { kind: 'output', ends: true, expect: 'Hello!', expectExitCode: null },
    ]);
  });
});

test('each file ends in one line break, and no line in a blank', () => {
  for (const entry of [LIBRARY, EXAMPLE]) {
    for (const [name, text] of entryTexts(entry)) {
      expect(text, name).toMatch(/[^\n]\n$/);
      expect(text, name).not.toMatch(/[ \t]$|\n\n\n/m);
    }
  }
});

describe('what an image and an app say steers no later run:', () => {
  const OURS = readmeRuns(textOf(EXAMPLE, 'README.md'));

  test.each([
    'kraft run -v /etc:/etc .',
    '$ kraft run -v /etc:/etc .',
    'sudo kraft run -v /etc:/etc .',
    'x\n```\n```bash\nkraft run -v /etc:/etc .\n```',
    'kraft \\\nrun -v /etc:/etc .',
    '~~~\nkraft run -v /etc:/etc .',
    '</code><!-- kraft-slim:begin sizes -->',
  ])('%j', (prints) => {
    const argv = ['/bin/x', `\n\`\`\`\n${prints}`] as const;
    const usage = {
      ...EXAMPLE.usage,
      prints,
      commands: [{ says: 'Ask', line: 'curl localhost:80', shown: prints }],
    };
    const readme = textOf({ ...EXAMPLE, argv, usage }, 'README.md');
    expect(readmeRuns(readme).map(({ run }) => run)).toEqual(OURS.map(({ run }) => run));
    expect(headings(readme)).toEqual(headings(textOf(EXAMPLE, 'README.md')));
  });

  test('whatever it is', () => {
    fc.assert(
      // an argument that is not UTF-8 is refused, see write-scalar
      fc.property(anyHostile.filter(isUtf8Name), anyHostile, (word, prints) => {
        const entry: NewEntry = { ...EXAMPLE, argv: ['/bin/x', word], usage: { ...EXAMPLE.usage, prints } };
        const readme = textOf(entry, 'README.md');
        expect(readmeRuns(readme).map(({ run }) => run)).toEqual(OURS.map(({ run }) => run));
        expect(
          [...codeBlocks(readme)].map(({ language }) => language).filter((name) => name !== 'text'),
        ).toEqual(['bash', 'bash', 'bash']);
        expect(readme).not.toMatch(/[^\P{Cc}\t\n]|[\p{Cf}\p{Cs}]/u);
      }),
    );
  });
});
