import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CopiedPath } from '../../src/dockerfile/copied-paths.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { type Sources, sourcesOf, traceStage } from '../support/rewriting.ts';
import type { RootfsTable } from '../support/rootfs.ts';

const BUILD: RootfsTable = {
  '/usr/bin/app': 'app',
  '/usr/lib/libz.so.1': 'symlink libz.so.1.2',
  '/usr/lib/libz.so.1.2': 'z',
  '/usr/lib/libssl.so.3': 'ssl',
  '/usr/lib/plugins/a.so': 'a',
  '/usr/lib/plugins/deep/b.so': 'b',
  '/lib': 'symlink usr/lib',
  '/etc/app/app.conf': 'theirs',
  '/etc/app/mime': 'mime',
  '/empty': 'directory',
  '/odd/h\\i': 'backslash',
  '/odd/[x]': 'bracket',
  '/odd/a b': 'blank',
  '/odd/$X': 'dollar',
};
const TABLES = {
  '.': { '/conf/app.conf': 'ours', '/conf/more/x': 'x', '/a b': 'blank', '/link': 'symlink conf' },
  build: BUILD,
  sys: { '/usr/bin/app': 'another', '/tz': 'tz', '/etc/app/mime': 'mime' },
  'debian:bookworm': { '/bin/sh': 'sh' },
};

let opened: Awaited<ReturnType<typeof sourcesOf>>;
let sources: Sources;
beforeAll(async () => {
  opened = await sourcesOf(TABLES);
  sources = opened.sources;
});
afterAll(() => opened[Symbol.asyncDispose]());

const HEAD = 'ARG GLOBAL=/usr\nFROM debian AS build\nFROM debian AS sys\nFROM scratch\n';

/** Which lines of a final stage copied what: `/path` by `number of the COPY/number of its source origin`. */
async function provenance(lines: string, built?: RootfsTable): Promise<Record<string, string>> {
  await using traced = await traceStage(`${HEAD}${lines}\n`, sources, built);
  const copies = traced.dockerfile.stages
    .at(-1)
    ?.instructions.filter(({ keyword }) => /COPY|ADD/.test(keyword));
  const line = ({ instruction, source, origin }: CopiedPath) =>
    `${copies?.indexOf(instruction)}/${source} ${origin}`;
  return Object.fromEntries(
    [...traced.copied].filter(([path]) => path !== '/').map(([path, copied]) => [path, line(copied)]),
  );
}

describe('a path came from', () => {
  test.each<[claim: string, lines: string, found: Record<string, string>]>([
    [
      'the file that is named',
      'COPY --from=build /usr/bin/app /usr/bin/app',
      { '/usr/bin/app': '0/0 /usr/bin/app' },
    ],
    ['a file with another name', 'COPY --from=build /usr/bin/app /sbin/x', { '/sbin/x': '0/0 /usr/bin/app' }],
    ['a file into a directory', 'COPY --from=build /usr/bin/app /sbin/', { '/sbin/app': '0/0 /usr/bin/app' }],
    [
      'a file into a directory that is there',
      'COPY --from=build /empty /sbin\nCOPY --from=build /usr/bin/app /sbin',
      { '/sbin': '0/0 /empty', '/sbin/app': '1/0 /usr/bin/app' },
    ],
    [
      'one of several sources',
      'COPY --from=build /usr/bin/app /usr/lib/libssl.so.3 /x/',
      { '/x/app': '0/0 /usr/bin/app', '/x/libssl.so.3': '0/1 /usr/lib/libssl.so.3' },
    ],
    [
      'a directory, with all below it',
      'COPY --from=build /usr/lib/plugins /p',
      {
        '/p': '0/0 /usr/lib/plugins',
        '/p/a.so': '0/0 /usr/lib/plugins/a.so',
        '/p/deep': '0/0 /usr/lib/plugins/deep',
        '/p/deep/b.so': '0/0 /usr/lib/plugins/deep/b.so',
      },
    ],
    ['a directory with nothing in it', 'COPY --from=build /empty /e', { '/e': '0/0 /empty' }],
    [
      'a link that is named: it arrives as what it leads to',
      'COPY --from=build /usr/lib/libz.so.1 /lib/libz.so.1',
      { '/lib/libz.so.1': '0/0 /usr/lib/libz.so.1' },
    ],
    [
      'a path through a link to a directory',
      'COPY --from=build /lib/libssl.so.3 /l/',
      { '/l/libssl.so.3': '0/0 /lib/libssl.so.3' },
    ],
    [
      'a link to a directory: its content arrives',
      'COPY --from=build /lib/plugins/deep /d',
      { '/d': '0/0 /lib/plugins/deep', '/d/b.so': '0/0 /lib/plugins/deep/b.so' },
    ],
    [
      'a pattern',
      'COPY --from=build /usr/lib/lib*.so.? /l/',
      { '/l/libz.so.1': '0/0 /usr/lib/libz.so.1', '/l/libssl.so.3': '0/0 /usr/lib/libssl.so.3' },
    ],
    [
      'a pattern below a link to a directory',
      'COPY --from=build /lib/libs* /l/',
      { '/l/libssl.so.3': '0/0 /lib/libssl.so.3' },
    ],
    [
      'a pattern that matches a directory',
      'COPY --from=build /usr/lib/plug* /p/',
      {
        '/p': '0/0 /usr/lib/plugins',
        '/p/a.so': '0/0 /usr/lib/plugins/a.so',
        '/p/deep': '0/0 /usr/lib/plugins/deep',
        '/p/deep/b.so': '0/0 /usr/lib/plugins/deep/b.so',
      },
    ],
    ['a stage by its number', 'COPY --from=1 /tz /tz', { '/tz': '0/0 /tz' }],
    ['a stage in other letters', 'COPY --from=SYS /tz /tz', { '/tz': '0/0 /tz' }],
    ['an image', 'COPY --from=debian:bookworm /bin/sh /bin/sh', { '/bin/sh': '0/0 /bin/sh' }],
    ['the build context', 'COPY conf/app.conf /etc/', { '/etc/app.conf': '0/0 /conf/app.conf' }],
    [
      'a directory of the build context',
      'COPY ./conf /etc/app',
      {
        '/etc/app': '0/0 /conf',
        '/etc/app/app.conf': '0/0 /conf/app.conf',
        '/etc/app/more': '0/0 /conf/more',
        '/etc/app/more/x': '0/0 /conf/more/x',
      },
    ],
    ['an ADD', 'ADD conf/app.conf /etc/', { '/etc/app.conf': '0/0 /conf/app.conf' }],
    ['JSON form', 'COPY ["a b", "/x y/"]', { '/x y/a b': '0/0 /a b' }],
    [
      'a WORKDIR on',
      'WORKDIR /srv\nCOPY --from=build /usr/bin/app bin/\nCOPY conf/app.conf .',
      { '/srv/bin/app': '0/0 /usr/bin/app', '/srv/app.conf': '1/0 /conf/app.conf' },
    ],
    [
      'ARG and ENV in its words',
      'ARG GLOBAL\nENV TO=/opt\nCOPY --from=build ${GLOBAL}/bin/app ${TO}/app',
      { '/opt/app': '0/0 /usr/bin/app' },
    ],
    [
      'flags that change the owner and the mode',
      'COPY --link --chown=5:6 --chmod=600 --from=build /usr/bin/app /x',
      { '/x': '0/0 /usr/bin/app' },
    ],
    ['a name with a backslash', 'COPY --from=build ["/odd/h\\\\\\\\i", "/x"]', { '/x': '0/0 /odd/h\\i' }],
    ['a name with a bracket', 'COPY --from=build /odd/[[]x] /x', { '/x': '0/0 /odd/[x]' }],
    ['a name with a dollar', 'COPY --from=build /odd/\\$X /x', { '/x': '0/0 /odd/$X' }],
  ])('%s', async (_, lines, found) => {
    expect(await provenance(lines)).toEqual(found);
  });
});

describe('a heredoc', () => {
  test('copies its text, with variables unless its name is quoted', async () => {
    const lines = "ENV X=1\nCOPY <<a <<'b' /h/\n$X\na\n$X\nb";
    expect(await provenance(lines, { '/h/a': '1\n', '/h/b': '$X\n' })).toEqual({
      '/h/a': '0/0 /h/a',
      '/h/b': '0/1 /h/b',
    });
    expect(await provenance(lines, { '/h/a': '$X\n', '/h/b': '1\n' })).toEqual({});
  });

  test('counts behind the sources of its line', async () => {
    expect(await provenance('COPY <<a conf/app.conf /h/\ntext\na')).toEqual({
      '/h/a': '0/1 /h/a',
      '/h/app.conf': '0/0 /conf/app.conf',
    });
  });
});

describe('of two lines that copy the same path', () => {
  const BOTH = 'COPY --from=build /etc/app /etc/app\nCOPY conf /etc/app';

  test('the later one has it, and the other is beneath', async () => {
    expect(await provenance(BOTH)).toMatchObject({
      '/etc/app': '1/0 /conf',
      '/etc/app/app.conf': '1/0 /conf/app.conf',
      '/etc/app/mime': '0/0 /etc/app/mime',
    });
    await using traced = await traceStage(`${HEAD}${BOTH}\n`, sources);
    const beneath = [...traced.copied].map(([path, copied]) => [
      path,
      copied.beneath.map(({ origin }) => origin),
    ]);
    expect(Object.fromEntries(beneath)).toMatchObject({
      '/etc/app': ['/etc/app'],
      '/etc/app/app.conf': ['/etc/app/app.conf'],
      '/etc/app/mime': [],
    });
  });

  test('the later line has it also where both copy the same bytes', async () => {
    const lines = 'COPY --from=build /etc/app/mime /m\nCOPY --from=sys /etc/app/mime /m';
    expect(await provenance(lines)).toEqual({ '/m': '1/0 /etc/app/mime' });
  });
});

describe('a destination through a link of the stage', () => {
  const LINES = 'COPY --from=build / /\nCOPY --from=sys /tz /lib/tz';

  test('is known by its own path, and by the place that the line names', async () => {
    await using traced = await traceStage(`${HEAD}${LINES}\n`, sources);
    expect(traced.copied.get(imagePath('/usr/lib/tz'))).toMatchObject({ place: '/lib/tz', origin: '/tz' });
    expect(traced.copied.get(imagePath('/usr/lib/libssl.so.3'))).toMatchObject({
      place: '/usr/lib/libssl.so.3',
    });
  });
});

describe('what the built tree does not prove is not listed:', () => {
  test.each<[claim: string, lines: string, built: RootfsTable]>([
    ['other bytes of the same size', 'COPY --from=build /usr/bin/app /x', { '/x': 'ape' }],
    ['another size', 'COPY --from=build /usr/bin/app /x', { '/x': 'apple' }],
    ['another type', 'COPY --from=build /usr/bin/app /x', { '/x': 'directory' }],
    ['nothing there', 'COPY --from=build /usr/bin/app /x', {}],
    ['another link', 'COPY --from=build /usr/lib/ /', { '/libz.so.1': 'symlink elsewhere' }],
    ['a pattern that is not closed', 'COPY --from=build /usr/bin/[a /x/', { '/x/[a': 'app' }],
    ['--parents', 'COPY --parents --from=build /usr/bin/app /x', { '/x/usr/bin/app': 'app' }],
    ['--exclude', 'COPY --exclude=*.so --from=build /usr/bin/app /x', { '/x': 'app' }],
    ['a URL', 'ADD https://example.org/app /x', { '/x': 'app' }],
    ['an archive that was unpacked', 'ADD conf/app.conf /x/', { '/x/inside': 'ours' }],
  ])('%s', async (_, lines, built) => {
    expect(await provenance(lines, built)).toEqual({});
  });
});
