import { describe, expect, test } from 'vitest';
import { readMarker } from '../../src/dockerfile/marker.ts';
import { readRootList } from '../../src/dockerfile/root-list.ts';
import type { Rendered } from '../../src/render/render-dockerfile.ts';
import type { Staging } from '../../src/render/staged-root.ts';
import { unfoldRootList } from '../../src/render/unfold-root-list.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { dockerfileOf } from '../support/dockerfile.ts';
import { NO_STAGING, needsOf, rewrite, sourcesOf, traceStage } from '../support/rewriting.ts';
import type { RootfsTable } from '../support/rootfs.ts';

type Options = { readonly tables?: Readonly<Record<string, RootfsTable>>; readonly staging?: Staging };

const BUILD = { '/bin/app': 'app', '/bin/other': 'other', '/etc/app.conf': 'conf' };

async function rewritten(
  text: string,
  needs: readonly string[],
  options: Options = {},
): Promise<Rendered | null> {
  const tables = { '.': {}, build: BUILD, sys: { '/ca': 'ca' }, ...options.tables };
  await using opened = await sourcesOf(tables);
  await using traced = await traceStage(text, opened.sources);
  return rewrite(traced, needsOf(needs), { ...opened, staging: options.staging ?? NO_STAGING }).rendered;
}

const withoutHashes = (text: string) => text.replace(/(above|stage|list)=[0-9a-f]+/g, '$1=HASH');

test('a Dockerfile made by hand becomes this text', async () => {
  const text = [
    '# syntax=docker/dockerfile:1',
    '',
    'ARG VERSION=12',
    '',
    '# What everybody copies',
    'FROM debian:${VERSION} as sys',
    '',
    'from debian:bookworm as build',
    '',
    'RUN apt-get install app',
    '',
    '# The result',
    'FROM scratch',
    '',
    'ENV LANG=C',
    '',
    '# Certificates',
    'COPY --from=sys /ca /ca',
    '',
    '# Programs',
    'COPY --from=build /bin/app /usr/bin/app',
    'COPY --from=build /bin/other /bin/other',
    '',
    'LABEL org.example=x',
    '',
  ].join('\n');
  const rendered = await rewritten(text, ['/usr/bin/app']);
  expect(withoutHashes(rendered?.text ?? '')).toMatchInlineSnapshot(`
    "# syntax=docker/dockerfile:1

    ARG VERSION=12

    from debian:bookworm as build

    RUN apt-get install app

    # The result
    # kraft-slim: v=1 before=- minimal=none promise=app above=HASH stage=HASH
    FROM scratch

    ENV LANG=C

    # Programs
    COPY --from=build /bin/app /usr/bin/app

    LABEL org.example=x
    "
  `);
  expect(rendered?.list).toBeNull();
});

describe('the text above the final stage', () => {
  const FINAL = 'FROM scratch\nCOPY --from=build /bin/app /bin/app\n';
  test.each([
    'FROM debian AS build\n',
    'FROM debian as build\n\n\n',
    '# syntax=docker/dockerfile:1\nFROM debian AS build\nRUN <<EOF\n\techo  x\nEOF\n\n# why\n',
    'ARG X=1\r\nFROM debian AS build\r\n\r\n',
    'FROM debian AS unused\nFROM debian AS build\n',
  ])('%j stays to the byte', async (above) => {
    const { text = '' } = (await rewritten(`${above}${FINAL}`, ['/bin/app'])) ?? {};
    expect(text.startsWith(`${above}# kraft-slim: `)).toBe(true);
  });
});

describe('the marker', () => {
  const TEXT = 'FROM debian AS build\nFROM scratch\nCOPY --from=build /bin /bin\n';

  test('names no stage that a size before was measured from, and is intact', async () => {
    const { text = '' } = (await rewritten(TEXT, ['/bin/app'])) ?? {};
    expect(text).toContain('# kraft-slim: v=1 before=- minimal=none promise=app above=');
    expect(readMarker(text)).toMatchObject({
      fields: { before: null, minimal: 'none', promise: 'app', list: null },
      intact: true,
      aboveUnchanged: true,
      above: 'FROM debian AS build\n',
      stage: 'FROM scratch\nCOPY --from=build /bin/app /bin/app\n',
    });
  });

  test('is intact where stages were taken out above it', async () => {
    const text = `FROM debian AS sys\n${TEXT}COPY --from=sys /ca /ca\n`;
    const rendered = await rewritten(text, ['/bin/app']);
    expect(rendered?.text).not.toContain('sys');
    expect(readMarker(rendered?.text ?? '')).toMatchObject({ intact: true, aboveUnchanged: true });
  });
});

test('line ends of two characters are kept, and the marker is intact', async () => {
  const text =
    'FROM debian AS build\r\n\r\nFROM scratch\r\n\r\n# Programs\r\nCOPY --from=build \\\r\n    /bin/app \\\r\n    /bin/other \\\r\n    /bin/more \\\r\n    /bin/\r\n';
  const tables = { build: { ...BUILD, '/bin/more': 'more' } };
  const { text: result = '' } = (await rewritten(text, ['/bin/app', '/bin/more'], { tables })) ?? {};
  expect(result.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  expect(result.split('\r\n').slice(3)).toEqual([
    'FROM scratch',
    '',
    '# Programs',
    'COPY --from=build \\',
    '    /bin/app \\',
    '    /bin/more \\',
    '    /bin/',
    '',
  ]);
  expect(readMarker(result)).toMatchObject({ intact: true, aboveUnchanged: true });
});

test('the escape character of the Dockerfile continues its lines', async () => {
  const names = Array.from({ length: 9 }, (_, at) => `/usr/share/some/directory/file-${at}`);
  const build = Object.fromEntries([...names, '/usr/share/some/directory/other'].map((name) => [name, name]));
  const text = '# escape=`\nFROM debian AS build\nFROM scratch\nCOPY --from=build /usr /usr\n';
  const { text: result = '' } = (await rewritten(text, names, { tables: { build } })) ?? {};
  expect(result.split('\n').filter((line) => line.endsWith(' `'))).toHaveLength(10);
  expect(dockerfileOf(result).stages.at(-1)?.instructions).toHaveLength(1);
});

test('rewritten again for the same needs, it stays as it is', async () => {
  const text = `FROM debian AS build\nFROM scratch\nWORKDIR /srv\n\n\n# All\nCOPY --from=build / /\n# end\n`;
  const tables = { build: { ...BUILD, '/var/lib/app': 'directory' } };
  const needs = ['/bin/app', '/etc/app.conf', '/var/lib/app'];
  const first = (await rewritten(text, needs, { tables }))?.text ?? '';
  const marker = readMarker(first);
  const again = await rewritten(`${marker?.above}${marker?.stage}`, needs, { tables });
  expect(again?.text).toBe(first);
});

describe('of more files than COPY lines can carry well', () => {
  const NAMES = Array.from({ length: 401 }, (_, at) => `/data/${String(at).padStart(3, '0')}`);
  const build: RootfsTable = {
    ...BUILD,
    ...Object.fromEntries(NAMES.map((name) => [name, name])),
    '/data/other': 'what is not needed keeps the directory from being copied whole',
    '/srv/app': 'directory',
  };
  const STAGING: Staging = { kind: 'possible', list: 'rootfs.list', place: imagePath('/.rootfs') };
  const textWith = (from: string) =>
    [
      'FROM debian AS build',
      'RUN true',
      '',
      'FROM scratch',
      '',
      '# Data',
      `COPY --from=${from} /data /data`,
      '',
      '# Renamed',
      `COPY --from=${from} /bin/app /bin/tool`,
      '',
      '# Directories',
      `COPY --from=${from} /srv /srv`,
      '',
      '# Ours',
      'COPY ./own /own',
      '',
    ].join('\n');
  const options = (staging: Staging): Options => ({ tables: { '.': { '/own': 'own' }, build }, staging });
  const needs = [...NAMES, '/bin/tool', '/srv/app', '/own'];

  const RUN_WITHOUT_HEADINGS = [
    'RUN umask 022; \\',
    '    while IFS= read -r path; do \\',
    '        case "$path" in */) mkdir -p ".$path" ;; esac; \\',
    '    done <../list; \\',
    '    tar --create --file=../tar --format=posix --numeric-owner \\',
    '        --dereference --hard-dereference --no-recursion \\',
    '        --verbatim-files-from --no-unquote --files-from=../list; \\',
    '    tar --extract --file=../tar --numeric-owner --same-owner \\',
    '        --preserve-permissions --no-overwrite-dir; \\',
    '    rm ../tar',
  ].join('\n');

  test('a stage assembles what has its own name there, and the rest stays in its lines', async () => {
    const rendered = await rewritten(textWith('build'), needs, options(STAGING));
    const stage = rendered?.text.slice(rendered.text.indexOf('FROM scratch')).split('\n');
    expect(stage).toEqual([
      'FROM scratch',
      '',
      '# What the list names',
      'COPY --from=rootfs /.rootfs/root/ /',
      '',
      '# Renamed',
      'COPY --from=build /bin/app /bin/tool',
      '',
      '# Ours',
      'COPY ./own /own',
      '',
    ]);
    expect(rendered?.text).toContain('\nFROM build AS rootfs\n');
    expect(readRootList(rendered?.list ?? '')).toEqual([...NAMES, '/srv/app']);
    expect(rendered?.list).toContain('/srv/app/\n');
    expect(readMarker(rendered?.text ?? '', rendered?.list)).toMatchObject({
      intact: true,
      fields: { before: null },
    });
  });

  test('rewritten again from what it became, it is the same text and the same list', async () => {
    const first = await rewritten(textWith('build'), needs, options(STAGING));
    const marker = readMarker(first?.text ?? '', first?.list);
    const unfolded = unfoldRootList(dockerfileOf(`${marker?.above}${marker?.stage}`), first?.list ?? null);
    expect(unfolded.stages).toHaveLength(2);
    await using opened = await sourcesOf(options(STAGING).tables ?? {});
    const renamed = { '/bin/tool': 'app', '/srv/app': 'directory', '/own': 'own' };
    const built = { ...Object.fromEntries(NAMES.map((name) => [name, name])), ...renamed };
    await using traced = await traceStage(unfolded.text, opened.sources, built);
    const staged = rewrite(traced, needsOf(needs), { ...opened, staging: STAGING });
    expect(staged.rendered).toEqual(first);
    const few = rewrite(traced, needsOf(['/data/000', '/srv/app']), opened);
    expect(few.rendered).toMatchObject({ list: null });
    const stage = few.rendered?.text.split('FROM scratch\n').at(-1);
    expect(stage).toBe(
      '\nCOPY --from=build /data/000 /data/\n\n# Directories that have to exist\nWORKDIR /srv/app\nWORKDIR /\n',
    );
  });

  test('a stage that was written when lists had no headings is unfolded as well', async () => {
    const { text = '', list = null } = (await rewritten(textWith('build'), needs, options(STAGING))) ?? {};
    const begin = text.indexOf('RUN umask 022');
    const end = text.indexOf('rm ../tar', begin) + 'rm ../tar'.length;
    const earlier = `${text.slice(0, begin)}${RUN_WITHOUT_HEADINGS}${text.slice(end)}`;
    expect(earlier).not.toBe(text);
    expect(unfoldRootList(dockerfileOf(earlier), list).text).toBe(
      unfoldRootList(dockerfileOf(text), list).text,
    );
    expect(unfoldRootList(dockerfileOf(earlier), list).stages).toHaveLength(2);
  });

  test.each([
    ['without a list', (text: string) => text, null],
    ['whose stage was edited', (text: string) => text.replace('umask 022', 'umask 077'), '/data/000\n'],
  ])('a Dockerfile %s is not unfolded', async (_, edit, list) => {
    const { text = '' } = (await rewritten(textWith('build'), needs, options(STAGING))) ?? {};
    const dockerfile = dockerfileOf(edit(text));
    expect(unfoldRootList(dockerfile, list)).toBe(dockerfile);
  });

  test('a stage that is copied from by its number is named where it has a name', async () => {
    const rendered = await rewritten(textWith('0'), needs, options(STAGING));
    expect(rendered?.text).toContain('\nFROM build AS rootfs\n');
  });

  test('a stage without a name assembles nothing', async () => {
    const text = textWith('0').replace(' AS build', '');
    const { tables } = options(STAGING);
    const rendered = await rewritten(text, needs, { tables: { ...tables, '0': build }, staging: STAGING });
    expect(rendered?.list).toBeNull();
    expect(rendered?.text.match(/COPY --from=0/g)?.length).toBeGreaterThan(10);
  });

  test('files come in COPY lines where no stage can assemble them', async () => {
    const rendered = await rewritten(textWith('build'), needs, options(NO_STAGING));
    expect(rendered?.list).toBeNull();
    expect(new Set(rendered?.text.match(/\/data\/\d+/g)).size).toBe(401);
  });

  describe('with each in a separate directory', () => {
    const apart = (count: number) => Array.from({ length: count }, (_, at) => `/data/${at}/x`);
    const over = (count: number) => ({
      // what is not needed keeps each directory from being copied whole
      tables: {
        build: Object.fromEntries([...apart(count), '/data/other'].map((name) => [name, name])),
      },
    });
    const TEXT = 'FROM debian AS build\nFROM scratch\nCOPY --from=build /data /data\n';

    test('lines are taken up to the number of layers that engines build', async () => {
      const { text = '' } = (await rewritten(TEXT, apart(124), over(124))) ?? {};
      expect(text.match(/^COPY/gm)).toHaveLength(124);
      await expect(rewritten(TEXT, apart(125), over(125))).rejects.toThrow('125 directories');
    });

    test('61 are a list, if a stage can assemble it', async () => {
      expect((await rewritten(TEXT, apart(61), { ...over(61), staging: STAGING }))?.list).toContain(
        '/data/60/x\n',
      );
    });

    test('but as many lines as the author wrote are none too many', async () => {
      const lines = apart(80).map((name) => `COPY --from=build ${name} ${name}`);
      const text = `FROM debian AS build\nFROM scratch\n${lines.join('\n')}\n`;
      const rendered = await rewritten(text, apart(70), { ...over(80), staging: STAGING });
      expect(rendered).toMatchObject({ list: null });
      expect(rendered?.text.match(/^COPY/gm)).toHaveLength(70);
    });
  });
});
