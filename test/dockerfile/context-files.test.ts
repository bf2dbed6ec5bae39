import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readBuildContext } from '../../src/dockerfile/build-context.ts';
import { contextFiles } from '../../src/dockerfile/context-files.ts';
import { parseDockerfile } from '../../src/dockerfile/parse-dockerfile.ts';
import { memoryTree, type TreeTable } from '../support/memory-tree.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'context-files-'));
  const files = { 'app.conf': 'conf', 'site/index.html': 'index', 'site/sub/two.html': 'two', 'b.txt': 'bb' };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), content);
  }
  await symlink('index.html', join(directory, 'site/home'));
  await symlink('app.conf', join(directory, 'link.conf'));
  await symlink('site', join(directory, 'pages'));
});
afterEach(() => rm(directory, { recursive: true }));

async function find(text: string, built: TreeTable) {
  await writeFile(join(directory, 'Dockerfile'), text);
  const { entries } = await readBuildContext({ directory, dockerfile: join(directory, 'Dockerfile') });
  const dockerfile = parseDockerfile(text);
  return contextFiles({ dockerfile, entries, tree: memoryTree({ '/bin/sh': 'sh', ...built }) });
}

/** `image path < context path` of every file, directories left out. */
async function came(text: string, built: TreeTable) {
  const { files } = await find(text, built);
  return files
    .filter((file) => file.type !== 'directory')
    .map((file) => `${file.imagePath} < ${file.contextPath ?? 'heredoc'}`);
}

const SITE: TreeTable = {
  '/www/index.html': 'index',
  '/www/sub/two.html': 'two',
  '/www/home': 'symlink index.html',
};
const FROM_SITE = [
  '/www/home < site/home',
  '/www/index.html < site/index.html',
  '/www/sub/two.html < site/sub/two.html',
];

describe('files of the build context are found', () => {
  test.each<[string, TreeTable, string[]]>([
    ['COPY app.conf /etc/app.conf', { '/etc/app.conf': 'conf' }, ['/etc/app.conf < app.conf']],
    ['COPY app.conf /etc', { '/etc/app.conf': 'conf' }, ['/etc/app.conf < app.conf']],
    ['COPY app.conf /etc/', { '/etc/app.conf': 'conf' }, ['/etc/app.conf < app.conf']],
    ['WORKDIR /x\nCOPY app.conf .', { '/x/app.conf': 'conf' }, ['/x/app.conf < app.conf']],
    ['ENV D=/x\nCOPY app.conf ${D}/y', { '/x/y': 'conf' }, ['/x/y < app.conf']],
    ['COPY site /www', SITE, FROM_SITE],
    ['COPY site/ /www/', SITE, FROM_SITE],
    ['COPY si[t]e /www', SITE, FROM_SITE],
    [
      'COPY *.conf b.txt /d/',
      { '/d/app.conf': 'conf', '/d/link.conf': 'conf', '/d/b.txt': 'bb' },
      ['/d/app.conf < app.conf', '/d/b.txt < b.txt', '/d/link.conf < app.conf'],
    ],
    ['COPY link.conf /c', { '/c': 'conf' }, ['/c < app.conf']],
    ['COPY pages/*.html /w/', { '/w/index.html': 'index' }, ['/w/index.html < site/index.html']],
    [
      'COPY --parents site/sub/two.html /p/',
      { '/p/site/sub/two.html': 'two' },
      ['/p/site/sub/two.html < site/sub/two.html'],
    ],
    ['COPY <<A /a\nhi\nA', { '/a': 'hi\n' }, ['/a < heredoc']],
    ['ADD b.txt /d/', { '/d/b.txt': 'bb' }, ['/d/b.txt < b.txt']],
    ['COPY app.conf /link/x', { '/real/x': 'conf', '/link': 'symlink real' }, ['/real/x < app.conf']],
  ])('%s', async (body, built, expected) => {
    expect(await came(`FROM base\n${body}\n`, built)).toEqual(expected);
  });

  test('through FROM another stage', async () => {
    const text = 'FROM base AS one\nCOPY b.txt /b\nFROM one\nCOPY app.conf /c\n';
    expect(await came(text, { '/b': 'bb', '/c': 'conf' })).toEqual(['/b < b.txt', '/c < app.conf']);
  });

  test('through COPY --from of the file, of its directory, and by a pattern', async () => {
    const stage = 'FROM base AS one\nWORKDIR /src\nCOPY site www/\nFROM scratch\n';
    expect(await came(`${stage}COPY --from=one /src/www/index.html /i.html`, { '/i.html': 'index' })).toEqual(
      ['/i.html < site/index.html'],
    );
    expect(await came(`${stage}COPY --from=one /src/www /www`, SITE)).toEqual(FROM_SITE);
    expect(await came(`${stage}COPY --from=one /src/*/*.html /w/`, { '/w/index.html': 'index' })).toEqual([
      '/w/index.html < site/index.html',
    ]);
  });

  test('through COPY --from of a link, which arrives as what it leads to', async () => {
    const text = 'FROM base AS one\nCOPY site /www\nFROM scratch\nCOPY --from=one /www/home /home.html\n';
    expect(await came(text, { '/home.html': 'index' })).toEqual(['/home.html < site/index.html']);
  });

  test('with their directories, and the COPY that read the context', async () => {
    const { files } = await find('FROM base\nCOPY site /www\n', SITE);
    expect(files.filter((file) => file.type === 'directory').map((file) => file.imagePath)).toEqual([
      '/www',
      '/www/sub',
    ]);
    expect(new Set(files.map((file) => file.instruction.raw))).toEqual(new Set(['COPY site /www']));
  });
});

describe('what is not a file of the build context', () => {
  test.each<[string, string, TreeTable]>([
    ['a file that a RUN changed', 'COPY app.conf /c\nRUN sed', { '/c': 'CONF' }],
    ['a file that a RUN removed', 'COPY app.conf /c\nRUN rm', {}],
    ['a file of another image', 'COPY --from=image app.conf /c', { '/c': 'conf' }],
    ['a remote file', 'ADD https://example.org/app.conf /c', { '/c': 'conf' }],
    ['a file at a place nothing was copied to', 'COPY app.conf /c', { '/d': 'conf' }],
  ])('%s', async (_, body, built) => {
    expect(await came(`FROM base\n${body}\n`, built)).toEqual([]);
  });

  test('a file compiled in an earlier stage', async () => {
    const text =
      'FROM gcc AS build\nCOPY b.txt /src/\nRUN gcc /src/b.txt\nFROM scratch\nCOPY --from=build /src/a.out /a\n';
    expect(await came(text, { '/a': 'ELF' })).toEqual([]);
  });

  test('what .dockerignore leaves out, though it is sent', async () => {
    await writeFile(join(directory, '.dockerignore'), 'Dockerfile\n.dockerignore\n');
    const text = 'FROM base\nCOPY . /app/\n';
    expect(await came(text, { '/app/Dockerfile': text, '/app/b.txt': 'bb' })).toEqual(['/app/b.txt < b.txt']);
  });

  test('stages that copy from one another in a circle end', async () => {
    const text =
      'FROM a AS one\nCOPY --from=two /x /x\nFROM a AS two\nCOPY --from=one /x /x\nCOPY b.txt /b\n';
    expect(await came(text, { '/b': 'bb' })).toEqual(['/b < b.txt']);
  });
});

test('an archive that ADD unpacked is listed by its directory', async () => {
  execFileSync('tar', ['-czf', join(directory, 'a.tgz'), '-C', directory, 'b.txt']);
  const { files, unpacked } = await find('FROM base\nADD a.tgz /opt/\n', { '/opt/b.txt': 'bb' });
  expect(files).toEqual([]);
  expect(unpacked.map(({ imagePath, contextPath }) => [imagePath, contextPath])).toEqual([['/opt', 'a.tgz']]);
});
