import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Need } from '../../src/analysis/need.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { LISTED, needsOf, rewrite, type Sources, sourcesOf, traceStage } from '../support/rewriting.ts';

const TABLES = {
  '.': {
    '/app.conf': 'ours',
    '/www/index.html': 'index',
    '/www/img/a.png': 'a',
    '/x y': 'blank',
    '/pack/archive.tar': 'no archive',
    '/pack/b': 'b',
  },
  build: {
    '/bin/app': 'app',
    '/bin/other': 'other',
    '/lib/libc.so.6': 'c',
    '/lib/libm.so.6': 'm',
    '/lib/libz.so.1': 'symlink libz.so.1.2',
    '/lib/libz.so.1.2': 'z',
    '/etc/app/app.conf': 'theirs',
    '/etc/app/mime': 'mime',
    '/tmp': 'directory 1777',
    '/run/app': 'directory',
    '/run/lock': 'directory',
    '/data/one': 'one',
    '/data/two': 'two',
    '/priv': 'directory 700',
    '/priv/file': 'file',
    '/own': { content: 'own', mode: 0o640, uid: 5, gid: 6 },
    '/odd/other': 'other',
    '/odd/a b': 'blank',
    '/odd/$X': 'dollar',
    '/odd/[x]': 'bracket',
    '/odd/h\\i': 'backslash',
  },
  sys: { '/target/etc/localtime': 'utc', '/ca': 'ca' },
};

let opened: Awaited<ReturnType<typeof sourcesOf>>;
let sources: Sources;
beforeAll(async () => {
  opened = await sourcesOf(TABLES);
  sources = opened.sources;
});
afterAll(() => opened[Symbol.asyncDispose]());

const HEAD = 'FROM debian AS build\nFROM debian AS sys\nRUN --mount=from=build true\n';

/** The final stage of these lines, rewritten so that it copies what is needed; from below its FROM. */
async function stageFor(lines: string, needs: readonly (string | Need)[]): Promise<string | null> {
  const text = `${HEAD}FROM scratch\n${lines}\n`;
  await using traced = await traceStage(text, sources);
  const all = needs.flatMap((need) => (typeof need === 'string' ? needsOf([need]) : [need]));
  const { rendered } = rewrite(traced, all, { sources });
  return rendered?.text.split('FROM scratch\n').at(-1) ?? null;
}

const listed = (path: string): Need => ({ path: imagePath(path), reason: LISTED });
const asked = (path: string): Need => ({ path: imagePath(path), reason: { kind: 'asked', glob: path } });
const promised = (path: string): Need => ({
  path: imagePath(path),
  reason: { kind: 'promise', rule: 'stage-directories' },
});
const own = (path: string): Need => ({
  path: imagePath(path),
  reason: { kind: 'build-context', source: path },
});

type Row = [claim: string, lines: string, needs: readonly (string | Need)[], result: string | null];

describe('a line', () => {
  test.each<Row>([
    [
      'that is needed whole stays as it is written',
      'copy  --link  --from=build /bin/app   /bin/app',
      ['/bin/app'],
      'copy  --link  --from=build /bin/app   /bin/app\n',
    ],
    [
      'that is not needed goes',
      'COPY --from=build /bin/app /bin/app\nCOPY --from=build /bin/other /bin/other',
      ['/bin/app'],
      'COPY --from=build /bin/app /bin/app\n',
    ],
    [
      'of several sources loses those that are not needed',
      'COPY --from=build /lib/libc.so.6 /lib/libm.so.6 /lib/',
      ['/lib/libm.so.6'],
      'COPY --from=build /lib/libm.so.6 /lib/\n',
    ],
    [
      'in JSON form as well',
      'COPY --from=build ["/odd/a b", "/bin/app", "/bin/other", "/x/"]',
      ['/x/a b', '/x/other'],
      'COPY --from=build ["/odd/a b", "/bin/other", "/x/"]\n',
    ],
    [
      'over several lines keeps its indentation and the comments of what stays',
      'COPY --from=build \\\n  /lib/libc.so.6 \\\n  # for sums\n  /lib/libm.so.6 \\\n  # for archives\n  /lib/libz.so.1 \\\n  /lib/',
      ['/lib/libc.so.6', '/lib/libz.so.1'],
      'COPY --from=build \\\n  /lib/libc.so.6 \\\n  # for archives\n  /lib/libz.so.1 \\\n  /lib/\n',
    ],
    [
      'over several lines is one where one source is left',
      'COPY --from=build \\\n  /lib/libc.so.6 \\\n  # for sums\n  /lib/libm.so.6 \\\n  /lib/',
      ['/lib/libc.so.6'],
      'COPY --from=build /lib/libc.so.6 /lib/\n',
    ],
    [
      'with variables keeps them in the sources that stay',
      'ARG LIB=/lib\nCOPY --from=build $LIB/libc.so.6 ${LIB}/libm.so.6 $LIB/',
      ['/lib/libc.so.6'],
      'ARG LIB=/lib\nCOPY --from=build $LIB/libc.so.6 $LIB/\n',
    ],
    [
      'keeps its flags where it is taken apart',
      'COPY --link --chmod=640 --from=build /data /data',
      ['/data/one'],
      'COPY --link --chmod=640 --from=build /data/one /data/one\n',
    ],
    [
      'with an owner keeps it, where the directory is there',
      'WORKDIR /data\nCOPY --chown=5:6 --from=build /data /data',
      ['/data/one'],
      'WORKDIR /data\nCOPY --chown=5:6 --from=build /data/one /data/one\n',
    ],
    [
      'with an owner that its directories would get has none of root',
      'COPY --chown=5:6 --from=build /data /data',
      ['/data/one'],
      null,
    ],
    [
      'with an owner is first, where the one that made the directory goes',
      'COPY --from=build /etc/app /etc/app\nCOPY --chown=5 --from=build /data /etc/app',
      ['/etc/app/one'],
      null,
    ],
    [
      'with an owner that is root is like any other',
      'COPY --chown=0:root --from=build /data /data',
      ['/data/one'],
      'COPY --chown=0:root --from=build /data/one /data/one\n',
    ],
    [
      'that gives another name keeps it',
      'COPY --from=build /bin/app /usr/local/bin/tool',
      ['/usr/local/bin/tool'],
      'COPY --from=build /bin/app /usr/local/bin/tool\n',
    ],
    [
      'of a directory gives its needed files, relative to where it goes',
      'WORKDIR /srv\nCOPY --from=build /data here',
      ['/srv/here/two'],
      'WORKDIR /srv\nCOPY --from=build /data/two /srv/here/two\n',
    ],
    [
      'into a directory that only another line makes says so itself',
      'COPY --from=build /data /etc/app\nCOPY ./app.conf /etc/app',
      ['/etc/app/app.conf'],
      'COPY ./app.conf /etc/app/app.conf\n',
    ],
    [
      'that names a link stays',
      'COPY --from=build /lib/libz.so.1 /usr/lib/libz.so.1',
      ['/usr/lib/libz.so.1'],
      'COPY --from=build /lib/libz.so.1 /usr/lib/libz.so.1\n',
    ],
    [
      'of a directory with links in it names the link that is needed, and not what it leads to',
      'COPY --from=build /lib /usr/lib',
      ['/usr/lib/libz.so.1'],
      'COPY --from=build /lib/libz.so.1 /usr/lib/libz.so.1\n',
    ],
    [
      'of a pattern gives the names that are needed',
      'COPY --from=build /lib/lib?.so.6 /lib/',
      ['/lib/libc.so.6', '/lib/libm.so.6'],
      'COPY --from=build /lib/libc.so.6 /lib/libm.so.6 /lib/\n',
    ],
    [
      'of a pattern with one match stays',
      'COPY --from=build /lib/libc.so.? /lib/',
      ['/lib/libc.so.6'],
      'COPY --from=build /lib/libc.so.? /lib/\n',
    ],
    [
      'with odd names below it writes them so that they mean themselves',
      'COPY --from=build /odd /odd',
      ['/odd/a b', '/odd/$X', '/odd/[x]', '/odd/h\\i'],
      'COPY --from=build \\\n    ["/odd/\\\\$X", \\\n    "/odd/[[]x]", \\\n    "/odd/a b", \\\n    "/odd/h\\\\\\\\i", \\\n    "/odd/"]\n',
    ],
    [
      'by ADD that is taken apart is a COPY, since it would unpack an archive',
      'ADD ./pack /pack',
      ['/pack/archive.tar'],
      'COPY ./pack/archive.tar /pack/archive.tar\n',
    ],
    [
      'by ADD that is needed whole stays',
      'ADD ./app.conf /etc/',
      ['/etc/app.conf'],
      'ADD ./app.conf /etc/\n',
    ],
    [
      'with a heredoc stays whole',
      'COPY <<EOF /etc/motd\nHello\n\nFROM all of us\nEOF',
      ['/etc/motd'],
      'COPY <<EOF /etc/motd\nHello\n\nFROM all of us\nEOF\n',
    ],
    [
      'with a heredoc goes',
      'COPY <<EOF /etc/motd\nHello\nEOF\nCOPY --from=sys /ca /ca',
      ['/ca'],
      'COPY --from=sys /ca /ca\n',
    ],
    [
      'with a heredoc and what is not needed cannot be cut down',
      'COPY <<EOF ./app.conf /etc/\nHello\nEOF',
      ['/etc/EOF'],
      null,
    ],
    [
      'with a heredoc that goes leaves what else it brings',
      'COPY <<EOF ./www /etc/\nHello\nEOF',
      ['/etc/index.html'],
      'COPY ./www/index.html /etc/index.html\n',
    ],
  ])('%s', async (_, lines, needs, result) => {
    expect(await stageFor(lines, needs)).toBe(result);
  });

  test('a stage that runs something is left alone', async () => {
    await using traced = await traceStage(
      `${HEAD}FROM scratch\nCOPY --from=build /bin/app /bin/app\nRUN ["/bin/app"]\n`,
      sources,
    );
    expect(rewrite(traced, needsOf(['/bin/app']), { sources }).rendered).toBeNull();
  });
});

describe('a directory', () => {
  const DATA = 'COPY --from=build /data /data';
  test.each<Row>([
    [
      'that the app listed stays, if all of it is kept',
      DATA,
      ['/data/one', '/data/two', listed('/data')],
      `${DATA}\n`,
    ],
    [
      'that the app listed does not, if something of it is dropped',
      DATA,
      ['/data/one', listed('/data')],
      'COPY --from=build /data/one /data/one\n',
    ],
    ['of which all is kept stays, whoever asks for it', DATA, ['/data/one', '/data/two'], `${DATA}\n`],
    [
      'below a line of which something is dropped is copied by a separate line',
      'COPY --from=build / /',
      ['/data/one', '/data/two', '/bin/app'],
      'COPY --from=build /data /data\nCOPY --from=build /bin/app /bin/app\n',
    ],
    [
      'that the user asks for stays',
      DATA,
      [asked('/data/one'), asked('/data/two'), asked('/data')],
      `${DATA}\n`,
    ],
    [
      'that the promise holds stays, also where the app has opened a file of it',
      DATA,
      [promised('/data'), '/data/one', promised('/data/two')],
      `${DATA}\n`,
    ],
    [
      'of the build context stays with all that is in it',
      'COPY ./www /www',
      [own('/www'), own('/www/index.html'), own('/www/img'), own('/www/img/a.png')],
      'COPY ./www /www\n',
    ],
    [
      'of the build context is taken apart where the user drops something of it',
      'COPY ./www /www',
      [own('/www'), own('/www/index.html')],
      'COPY ./www/index.html /www/index.html\n',
    ],
    [
      'with nothing in it stays',
      'COPY --from=build /run/app /run/app',
      ['/run/app'],
      'COPY --from=build /run/app /run/app\n',
    ],
    [
      'that lies alone in its parent stays in the line of its parent',
      'COPY --from=build /run /run\nCOPY --from=build /bin/app /bin/app\nWORKDIR /srv',
      ['/bin/app', '/run/app'],
      'COPY --from=build /run /run\nCOPY --from=build /bin/app /bin/app\nWORKDIR /srv\n',
    ],
    [
      'that a line of the author enters is not made twice',
      'COPY --from=build /bin/app /bin/app\nWORKDIR /srv/app',
      ['/bin/app'],
      'COPY --from=build /bin/app /bin/app\nWORKDIR /srv/app\n',
    ],
    [
      'with a special mode is taken apart, since the result gives it another mode',
      'COPY --from=build / /b',
      ['/b/priv/file', listed('/b'), listed('/b/priv')],
      'COPY --from=build /priv/file /b/priv/file\n',
    ],
    [
      'stays where a later line copies one of its files again',
      'COPY --from=build /etc/app /etc/app\nCOPY ./app.conf /etc/app/app.conf',
      [listed('/etc/app'), '/etc/app/mime', '/etc/app/app.conf'],
      'COPY --from=build /etc/app /etc/app\nCOPY ./app.conf /etc/app/app.conf\n',
    ],
    [
      'is taken apart where its own file would show without that line',
      'COPY --from=build /etc/app /etc/app\nCOPY ./app.conf /etc/app/app.conf',
      [listed('/etc/app'), '/etc/app/mime'],
      'COPY --from=build /etc/app/mime /etc/app/mime\n',
    ],
    [
      'that a later one covers is a directory still, of which all stays',
      'COPY --from=sys /target /t\nCOPY ./www /t',
      ['/t/etc/localtime', own('/t'), own('/t/index.html'), own('/t/img'), own('/t/img/a.png')],
      'COPY --from=sys /target /t\nCOPY ./www /t\n',
    ],
  ])('%s', async (_, lines, needs, result) => {
    expect(await stageFor(lines, needs)).toBe(result);
  });
});

test('a destination through a link is written without it, since the link is gone', async () => {
  const text = `${HEAD}FROM scratch\nCOPY --from=sys /links /\nCOPY --from=build /bin/app /bin/app\n`;
  const links = await sourcesOf({
    ...TABLES,
    sys: { '/links/bin': 'symlink usr/bin', '/links/usr/bin/x': 'x' },
  });
  await using _ = links;
  await using traced = await traceStage(text, links.sources);
  expect(traced.full.lookup(imagePath('/usr/bin/app'))?.type).toBe('file');
  const { rendered } = rewrite(traced, needsOf(['/usr/bin/app']), links);
  expect(rendered?.text).toMatch(/\nFROM scratch\nCOPY --from=build \/bin\/app \/usr\/bin\/app\n$/);
});

describe('comments, blank lines and headings', () => {
  const APP = 'COPY --from=build /bin/app /bin/app';
  const OTHER = 'COPY --from=build /bin/other /bin/other';
  const CA = 'COPY --from=sys /ca /ca';
  test.each<Row>([
    [
      'a heading goes with the last line below it',
      `\n# App\n${APP}\n\n# Others\n${OTHER}\n${CA}`,
      ['/bin/app'],
      `\n# App\n${APP}\n`,
    ],
    [
      'a heading stays with one line below it',
      `\n# All\n${OTHER}\n${APP}`,
      ['/bin/app'],
      `\n# All\n${APP}\n`,
    ],
    [
      'a comment inside goes with its own line',
      `\n${APP}\n# the other\n${OTHER}\n# certificates\n${CA}`,
      ['/bin/app', '/ca'],
      `\n${APP}\n# certificates\n${CA}\n`,
    ],
    [
      'separate comments stay',
      `\n# This is a story\n\n${OTHER}\n\n${APP}`,
      ['/bin/app'],
      `\n# This is a story\n\n${APP}\n`,
    ],
    ['comments at the end stay', `\n${APP}\n${OTHER}\n# the end`, ['/bin/app'], `\n${APP}\n\n# the end\n`],
    [
      'what follows FROM stays close to it',
      `ENV A=1\n${APP}\n\nLABEL x=y`,
      ['/bin/app'],
      `ENV A=1\n${APP}\n\nLABEL x=y\n`,
    ],
    [
      'several blank lines are one',
      `\n\n\n${APP}\n\n \n\t\n# CA\n${CA}`,
      ['/bin/app', '/ca'],
      `\n${APP}\n\n# CA\n${CA}\n`,
    ],
    ['indented lines stay so', `  ${APP}\n  ${OTHER}`, ['/bin/app'], `  ${APP}\n`],
  ])('%s', async (_, lines, needs, result) => {
    expect(await stageFor(lines, needs)).toBe(result);
  });
});

test('a file that is needed by two names is copied by the second as well', async () => {
  const lines = 'COPY --from=build /lib /lib';
  expect(await stageFor(lines, ['/lib/libz.so.1', '/lib/libz.so.1.2'])).toBe(
    'COPY --from=build /lib/libz.so.1 /lib/libz.so.1.2 /lib/\n',
  );
});
