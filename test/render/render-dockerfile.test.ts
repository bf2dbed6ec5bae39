// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of a Dockerfile
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Need, Reason } from '../../src/analysis/need.ts';
import { expandStage } from '../../src/dockerfile/expand-stage.ts';
import { readMarker } from '../../src/dockerfile/marker.ts';
import { finalStage } from '../../src/dockerfile/model.ts';
import { type Layout, layOut } from '../../src/plan/layout.ts';
import { planSlim } from '../../src/plan/plan.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { anySteps, anyTable, walkBy } from '../support/any-rootfs.ts';
import { dockerfileOf, render } from '../support/dockerfile.ts';
import { rootfsOf } from '../support/rootfs.ts';

const STARTED: Reason = { kind: 'started' };
const OPENED: Reason = { kind: 'traced', how: 'opened' };

/** The layout of paths, each with its reasons; a path that ends in a slash is an empty directory. */
async function layoutOf(paths: Readonly<Record<string, readonly Reason[]>>): Promise<Layout> {
  const names = Object.keys(paths);
  const table = names.map((name) => [name, name.endsWith('/') ? 'directory' : name] as const);
  await using rootfs = await rootfsOf(Object.fromEntries(table));
  const needs = names.flatMap((name) =>
    (paths[name] ?? []).map((reason): Need => ({ path: imagePath(name), reason })),
  );
  return layOut(rootfs, planSlim(rootfs, needs));
}

const EMPTY: Layout = { entries: [], left: [] };
const opened = (...names: string[]) => layoutOf(Object.fromEntries(names.map((name) => [name, [OPENED]])));

/** The lines below the marker. */
const stageOf = (text: string) => text.slice(text.search(/^FROM scratch$/m)).split('\n');
const instructionsOf = (text: string) =>
  finalStage(dockerfileOf(text)).instructions.map(({ raw }) => raw.replace(/ \\\n +/g, ' '));

describe('a small plan', () => {
  const LAYOUT = {
    '/usr/sbin/app': [STARTED, OPENED],
    '/lib64/ld-linux-x86-64.so.2': [{ kind: 'interpreter', of: imagePath('/usr/sbin/app') }],
    '/etc/ld.so.cache': [{ kind: 'rule', rule: 'loader-cache' }],
    '/lib/x86_64-linux-gnu/libz.so.1': [{ kind: 'elf-needed', by: imagePath('/usr/sbin/app') }, OPENED],
    '/lib/x86_64-linux-gnu/libcrypto.so.3': [{ kind: 'elf-needed', by: imagePath('/usr/sbin/app') }],
    '/usr/lib/app/plugin.so': [OPENED],
    '/usr/bin/helper': [{ kind: 'traced', how: 'executed' }],
    '/etc/app/app.conf': [OPENED, { kind: 'build-context', source: 'conf/app.conf' }],
    '/etc/passwd': [OPENED],
    '/usr/share/app/a': [OPENED],
    '/usr/share/app/b': [OPENED],
    '/var/log/app/': [{ kind: 'traced', how: 'written' }],
  } as const satisfies Record<string, readonly Reason[]>;

  test('gives this text', async () => {
    const text = render(await layoutOf(LAYOUT), { text: '# my app\nFROM debian:bookworm\nRUN true\n' });
    expect(text.replace(/(above|stage)=\w+/g, '$1=HASH')).toMatchInlineSnapshot(`
      "# my app
      FROM debian:bookworm AS build
      RUN true

      # kraft-slim: v=1 before=build minimal=none above=HASH stage=HASH
      FROM scratch

      # Executable
      COPY --from=build /usr/sbin/app /usr/sbin/app

      # Programs run by the executable
      COPY --from=build /usr/bin/helper /usr/bin/helper

      # Libraries
      COPY --from=build \\
          /lib/x86_64-linux-gnu/libcrypto.so.3 \\
          /lib/x86_64-linux-gnu/libz.so.1 \\
          /lib/x86_64-linux-gnu/

      # Libraries loaded at run time
      COPY --from=build /usr/lib/app/plugin.so /usr/lib/app/plugin.so

      # Dynamic linker
      COPY --from=build /lib64/ld-linux-x86-64.so.2 /lib64/ld-linux-x86-64.so.2

      # Dynamic linker cache
      COPY --from=build /etc/ld.so.cache /etc/ld.so.cache

      # Configuration
      COPY --from=build /etc/passwd /etc/passwd

      # Data
      COPY --from=build /usr/share/app/a /usr/share/app/b /usr/share/app/

      # Files from the build context
      COPY --from=build /etc/app/app.conf /etc/app/app.conf

      # Directories that have to exist
      WORKDIR /var/log/app
      WORKDIR /
      "
    `);
  });

  test('carries a marker that is intact', async () => {
    const text = render(await layoutOf(LAYOUT), { minimal: '1-minimal' });
    expect(readMarker(text)).toMatchObject({
      fields: { before: 'build', minimal: '1-minimal' },
      intact: true,
      aboveUnchanged: true,
      above: 'FROM debian AS build\n\n',
    });
  });
});

describe('the stage that is copied from', () => {
  const headOf = (text: string) => render(EMPTY, { text }).split('\n').slice(0, -4).join('\n').trim();
  const beforeOf = (text: string) => readMarker(render(EMPTY, { text }))?.fields?.before;

  test.each([
    ['FROM debian\n', 'FROM debian AS build'],
    [
      'FROM --platform=linux/amd64 debian:bookworm\nRUN x\n',
      'FROM --platform=linux/amd64 debian:bookworm AS build\nRUN x',
    ],
    [
      'FROM gcc AS build\nRUN x\nFROM debian\nRUN y\n',
      'FROM gcc AS build\nRUN x\nFROM debian AS rootfs\nRUN y',
    ],
    ['FROM a as Build\nFROM b AS rootfs\nFROM c\n', 'FROM a as Build\nFROM b AS rootfs\nFROM c AS rootfs2'],
  ])('%j gets a name that is not taken', (text, expected) => {
    expect(headOf(text)).toBe(expected);
  });

  test('keeps its own name, and the text above is as it was', () => {
    const text = 'ARG X=1\n\nFROM debian AS Full\n# why\nRUN x  \n';
    expect(headOf(text)).toBe(text.trim());
    expect(beforeOf(text)).toBe('full');
  });

  test('is the requested stage, where that is not the last', () => {
    const dockerfile = dockerfileOf('FROM a\nFROM b\n');
    const [full] = dockerfile.stages;
    const text = render(EMPTY, { dockerfile, ...(full === undefined ? {} : { full }) });
    expect(text.startsWith('FROM a AS build\nFROM b\n\n')).toBe(true);
  });
});

describe('a variable of ENV', () => {
  test.each([
    ['/usr/bin:/bin', 'ENV A=/usr/bin:/bin'],
    ['', 'ENV A=""'],
    ['a b', 'ENV A="a b"'],
    ["it's", `ENV A="it's"`],
    ['"q"', 'ENV A="\\"q\\""'],
    ['$HOME ${X}', 'ENV A="\\$HOME \\${X}"'],
    ['a\\b', 'ENV A="a\\\\b"'],
    ['#1', 'ENV A="#1"'],
  ])('%j is %s', (value, line) => {
    expect(stageOf(render(EMPTY, { env: { A: value } }))).toContain(line);
  });

  test('means the same again when it is read', () => {
    const text = fc.string().filter((value) => !/[\r\n]/.test(value));
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[A-Z_]{1,8}$/), text), (env) => {
        const dockerfile = dockerfileOf(render(EMPTY, { env, text: 'ARG A=x\nFROM debian\n' }));
        const { environment } = expandStage(dockerfile, finalStage(dockerfile));
        expect(Object.fromEntries(environment)).toEqual({ ...env });
      }),
    );
  });
});

describe('odd names', () => {
  test.each([
    ['/a b', 'COPY --from=build ["/a b", "/a b"]'],
    ['/[x]', 'COPY --from=build ["/[[]x]", "/[x]"]'],
    ['/a*?', 'COPY --from=build ["/a[*][?]", "/a*?"]'],
    ['/$X', String.raw`COPY --from=build ["/\\$X", "/\\$X"]`],
    ['/"', String.raw`COPY --from=build ["/\\\"", "/\\\""]`],
    ["/'", String.raw`COPY --from=build ["/\\'", "/\\'"]`],
    ['/a\\b', String.raw`COPY --from=build ["/a\\\\b", "/a\\\\b"]`],
    ['/\\*', String.raw`COPY --from=build ["/[\\\\\\\\][*]", "/\\\\*"]`],
    ['/h\\i/[x]', String.raw`COPY --from=build ["/h[\\\\\\\\]i/[[]x]", "/h\\\\i/[x]"]`],
    ['/#x', 'COPY --from=build ["/#x", "/#x"]'],
    ['/é', 'COPY --from=build ["/é", "/é"]'],
    ['/{{x}}', 'COPY --from=build ["/{{x}}", "/{{x}}"]'],
  ])('%s', async (name, line) => {
    expect(instructionsOf(render(await opened(name)))).toEqual([line]);
  });

  test.each(['/plain', '/a-b_c.d', '/x+y=z', '/a:b,c~@%'])('%s is plain', async (name) => {
    expect(instructionsOf(render(await opened(name)))).toEqual([`COPY --from=build ${name} ${name}`]);
  });

  test('make one COPY all JSON', async () => {
    expect(instructionsOf(render(await opened('/d/a b', '/d/c')))).toEqual([
      'COPY --from=build ["/d/a b", "/d/c", "/d/"]',
    ]);
  });

  test.each([
    ['/a b/', 'WORKDIR /a b'],
    ['/$X/', String.raw`WORKDIR /\$X`],
    ["/'/", String.raw`WORKDIR /\'`],
    ['/[x]/', 'WORKDIR /[x]'],
  ])('of the directory %s', async (name, line) => {
    expect(instructionsOf(render(await opened(name)))).toEqual([line, 'WORKDIR /']);
  });
});

describe('a COPY', () => {
  const data = (count: number) =>
    opened(...Array.from({ length: count }, (_, at) => `/data/file-${String(at).padStart(3, '0')}`));
  const sourcesOf = (line: string) => line.split(' ').slice(2, -1);

  test.each([
    [40, [40]],
    [41, [40, 1]],
    [95, [40, 40, 15]],
  ])('takes at most 40 sources: %i come in %j', async (count, chunks) => {
    const lines = instructionsOf(render(await data(count)));
    expect(lines.map((line) => sourcesOf(line).length)).toEqual(chunks);
    expect(lines.flatMap(sourcesOf)).toEqual([...lines.flatMap(sourcesOf)].sort());
    expect(new Set(lines.flatMap(sourcesOf)).size).toBe(count);
  });

  test('comes for each directory, in the order of the directories', async () => {
    expect(instructionsOf(render(await opened('/a-b/x', '/a/x', '/a/c/x', '/x')))).toEqual([
      'COPY --from=build /x /x',
      'COPY --from=build /a/x /a/x',
      'COPY --from=build /a-b/x /a-b/x',
      'COPY --from=build /a/c/x /a/c/x',
    ]);
  });

  test('of files of one directory in several blocks is in each of them', async () => {
    const text = render(await layoutOf({ '/d/app': [STARTED], '/d/data': [OPENED] }));
    expect(stageOf(text)).toEqual([
      'FROM scratch',
      '',
      '# Executable',
      'COPY --from=build /d/app /d/app',
      '',
      '# Data',
      'COPY --from=build /d/data /d/data',
      '',
    ]);
  });

  test.each([
    ['80 columns says the name of its file twice', 'full', 30, 1],
    ['81 columns says it once', 'build', 30, 1],
    ['more columns is wrapped, and says it once', 'build', 66, 3],
  ])('of %s', async (_, stage, letters, lines) => {
    const path = `/d/${'x'.repeat(letters - 2)}`;
    const text = render(await opened(path), { text: `FROM debian AS ${stage}\n` });
    const isShort = stage === 'full';
    expect(stageOf(text).slice(3, -1)).toHaveLength(lines);
    expect(instructionsOf(text)).toEqual([`COPY --from=${stage} ${path} ${isShort ? path : '/d/'}`]);
  });
});

describe('over any layout', () => {
  const check = (property: (text: string, layout: Layout) => void) =>
    fc.assert(
      fc.asyncProperty(anyTable, fc.array(anySteps), async (table, walks) => {
        await using rootfs = await rootfsOf(table);
        const reasons: Reason[] = [STARTED, OPENED, { kind: 'interpreter', of: imagePath('/a') }];
        const needs = walks.map((walk, at) => ({
          path: walkBy(rootfs, walk),
          reason: reasons[at % reasons.length] as Reason,
        }));
        const layout = layOut(rootfs, planSlim(rootfs, needs));
        property(render(layout), layout);
      }),
      { numRuns: 80 },
    );

  test('no line is longer than 80 columns, unless one word of it makes it so', async () => {
    await check((text) => {
      for (const line of stageOf(text)) {
        if (line.length > 80)
          expect(line.trim().replace(/ \\$/, ''), line).toMatch(/^\S+$|^\[?".*"[\],]$|^WORKDIR /);
      }
    });
  });

  test('no COPY or WORKDIR comes twice, and no file', async () => {
    await check((text, { entries }) => {
      const lines = instructionsOf(text);
      expect(new Set(lines).size).toBe(lines.length);
      const dockerfile = dockerfileOf(text);
      const copied = expandStage(dockerfile, finalStage(dockerfile)).instructions.flatMap(
        ({ copy }) => copy?.sources ?? [],
      );
      expect(copied).toHaveLength(entries.filter(({ type }) => type === 'file').length);
    });
  });

  test('the marker is intact, and the text ends in one line break', async () => {
    await check((text) => {
      expect(readMarker(text)).toMatchObject({ intact: true, aboveUnchanged: true });
      expect(text).toMatch(/[^\n]\n$/);
    });
  });
});

test('long lines are continued with the escape character that the Dockerfile declares', async () => {
  const names = Array.from({ length: 9 }, (_, at) => `/usr/share/some/directory/file-${at}`);
  const layout = await opened(...names);
  const text = render(layout, { text: '# escape=`\nFROM debian\n' });
  expect(stageOf(text).join('\n')).not.toContain('\\');
  const copies = expandStage(dockerfileOf(text), finalStage(dockerfileOf(text))).instructions;
  expect(copies.flatMap(({ copy }) => copy?.sources ?? [])).toEqual(names);
});
