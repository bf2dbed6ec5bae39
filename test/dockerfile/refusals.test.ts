import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseDockerfile } from '../../src/dockerfile/parse-dockerfile.ts';
import { refusals } from '../../src/dockerfile/refusals.ts';
import { LIMITS } from '../../src/shared/limits.ts';

/** `LINE: message` of each refusal. */
function refused(text: string, target?: string): string[] {
  const dockerfile = parseDockerfile(text);
  return refusals(dockerfile, target).map(
    ({ range, message }) => `${text.slice(0, range.start).split('\n').length}: ${message}`,
  );
}

const inStage = (line: string) => `FROM debian:12 AS build\n${line}\nFROM scratch\nCOPY --from=build /a /a\n`;
const ZEROS = '0'.repeat(64);

describe('BuildKit refuses, in a stage that is built:', () => {
  test.each([
    ['COPY --form=x /a /a', 'COPY has no flag --form'],
    ['COPY --chow=x /a /a', 'COPY has no flag --chow: did you mean --chown?'],
    ['COPY --from build /a /a', 'the flag --from needs a value: --from=VALUE'],
    ['COPY --link=yes /a /a', 'the flag --link must be true or false, not yes'],
    ['COPY --chown=1 --chown=2 /a /a', 'COPY has the flag --chown twice'],
    ['ADD --from=x /a /a', 'ADD has no flag --from'],
    ['CMD --version', 'CMD has no flag --version'],
    ['ENV --x A=b', 'ENV has no flag --x'],
    ['COPY --chmod=7x7 /a /a', '--chmod needs an octal number up to 7777 or a symbolic mode, not 7x7'],
    ['COPY --chmod=77777 /a /a', '--chmod needs an octal number up to 7777 or a symbolic mode, not 77777'],
    ['COPY https://example.org/x /a', 'COPY takes no URL such as https://example.org/x: ADD does'],
    [
      'ADD --checksum=sha256:1 https://example.org/x /a',
      '--checksum needs a digest such as sha256:…, not sha256:1',
    ],
    [`ADD --checksum=sha256:${ZEROS} ./x /a`, '--checksum goes with a URL, not with ./x'],
    [
      'COPY --from=${S} /a /a',
      'a --from takes no variable such as ${S}: begin a stage with FROM ${S} AS name, and name that',
    ],
    ['COPY --from=build /a /a', 'the stage build takes from itself in a circle'],
    ['COPY --from=Upper /a /a', 'Upper is neither a stage nor an image: its name must be lower-case'],
    ['COPY "a b" /x', 'cannot expand "a: missing closing double quote'],
    ['ENV A="b', 'cannot expand "b: missing closing double quote'],
    ["LABEL a it's", "cannot expand it's: missing closing single quote"],
    ['WORKDIR /${A', "cannot expand /${A: missing '}'"],
    ['EXPOSE 80:80x', 'EXPOSE needs a port, not 80:80x'],
    ['EXPOSE 90-80', 'EXPOSE needs a port, not 90-80'],
    ['EXPOSE 70000', 'EXPOSE needs a port, not 70000'],
    ['EXPOSE 80/tpc', 'EXPOSE knows no protocol tpc'],
    ['STOPSIGNAL a b', 'STOPSIGNAL needs a signal, not a b'],
    ['STOPSIGNAL 0', 'STOPSIGNAL needs a signal, not 0'],
    ['HEALTHCHECK --intervall=3s CMD true', 'HEALTHCHECK has no flag --intervall: did you mean --interval?'],
    ['HEALTHCHECK --interval=3 CMD true', 'the flag --interval of HEALTHCHECK cannot be 3'],
    ['HEALTHCHECK --retries=x CMD true', 'the flag --retries of HEALTHCHECK cannot be x'],
    ['HEALTHCHECK CURL true', 'HEALTHCHECK takes CMD or NONE, not CURL'],
    ['HEALTHCHECK CMD', 'HEALTHCHECK CMD needs a command'],
    ['HEALTHCHECK NONE x', 'HEALTHCHECK NONE takes no arguments'],
    ['ONBUILD FROM x', 'ONBUILD cannot trigger FROM'],
    ['ONBUILD ONBUILD RUN x', 'ONBUILD cannot trigger another ONBUILD'],
    ['RUN --mount=type=cahce,target=/x a', '--mount has no type cahce'],
    ['RUN --mount=type=cache,targt=/x a', '--mount has no key targt: did you mean target?'],
    ['RUN --mount=type=cache,target a', 'the key target of --mount needs a value'],
    ['RUN --mount=type=cache,target=/x,sharing=all a', 'the key sharing of --mount cannot be all'],
    ['RUN --mount=target=/x,mode=0755 a', 'a mount of the type bind takes no key mode'],
    ['RUN --mount=type=cache,target=/x,size=1m a', 'a mount of the type cache takes no key size'],
    ['RUN --mount=required,type=secret,id=a a', 'a mount of the type bind takes no key required'],
    ['RUN --mount=type=secret a', 'a mount of the type secret needs an id or a target'],
    [
      'RUN --mount=from=$S,target=/x a',
      'a --from takes no variable such as $S: begin a stage with FROM $S AS name, and name that',
    ],
    ['RUN --network=hots a', 'RUN knows no network hots: default, none and host'],
  ])('%s', (line, message) => {
    expect(refused(inStage(line))).toEqual([`2: ${message}`]);
  });
});

describe('BuildKit takes:', () => {
  test.each([
    ['COPY --link --parents --exclude=a --exclude=b --chmod=u=rwX,go=rX /a /a'],
    ['COPY --link=TRUE --chown=$A:$B --chmod=$MODE /a /a'],
    ['COPY --from=busybox:1 --chmod=0755 /a /a'],
    ['COPY --from= /a /a'],
    ['COPY $URL /a'],
    [`ADD --checksum=sha256:${ZEROS} https://example.org/x /a`],
    ['ADD --checksum=0123456 --keep-git-dir https://example.org/x.git#main /a'],
    ['RUN --mount=type=cache,target=/x,sharing=locked,id=a,mode=0755,uid=1 --mount=type=$T,target=/y a'],
    ['RUN --mount=type=secret,required,id=a --mount=type=tmpfs,target=/t,size=64m a'],
    ['RUN --mount=type=ssh --network=none --security=insecure a "unclosed'],
    ['RUN --mount=from=busybox,target=/x,ro a'],
    ['RUN a --form=x'],
    ['EXPOSE 80 443/tcp 53/UDP 8000-8010 127.0.0.1:80:80 $PORT "90"'],
    ['STOPSIGNAL SIGRTMIN+3'],
    ['STOPSIGNAL quit'],
    ['STOPSIGNAL $SIG'],
    ['HEALTHCHECK --interval=1m30s --timeout=0 --retries=3 CMD ["true"]'],
    ['HEALTHCHECK --whatever NONE'],
    ['ONBUILD COPY . /a'],
    ['ENV A="b c" D=e\\ f'],
    ['ENV A=${B:?must}'],
    ["CMD it's"],
    ['LABEL a="$(b)"'],
  ])('%s', (line) => {
    expect(refused(inStage(line))).toEqual([]);
  });

  test('what is wrong in a stage that is not built, unless it is refused when it is read', () => {
    const text = 'FROM a:1 AS unused\nEXPOSE x\nSTOPSIGNAL x\nCOPY "a b" /c\nFROM b:1\n';
    expect(refused(text)).toEqual([]);
    expect(refused(text, 'unused')).toHaveLength(3);
    expect(refused('FROM a:1 AS unused\nCOPY --x a b\nFROM b:1\n')).toEqual(['2: COPY has no flag --x']);
  });

  test('whatever another frontend may read', () => {
    expect(refused('# syntax=example.org/mine\nFROM Debian:12\nCOPY --x a b\n')).toEqual([]);
    expect(refused('# syntax=docker/dockerfile:1\nFROM Debian:12\n')).toHaveLength(1);
  });
});

describe('the base of a stage', () => {
  test.each([
    ['debian:', 'its tag is empty'],
    ['Debian:12', 'its name must be lower-case'],
    ['debian:12 ', null],
    ['debian:-12', 'its tag -12 is malformed'],
    ['-debian', 'its name is malformed'],
    ['debian@sha256:12', 'its digest sha256:12 is malformed'],
    ['a_-b', 'its name is malformed'],
    ['a/B', 'its name must be lower-case'],
    ['A/b', null],
    ['localhost:5000/a/b_c__d--e:V1.0', null],
    [`example.org/a:1@sha256:${ZEROS}`, null],
    ['[::1]:5000/a', null],
    ['exa mple', undefined],
  ])('%s: %s', (image, why) => {
    if (why === undefined) return expect(() => refused(`FROM ${image}\n`)).toThrow();
    return expect(refused(`FROM ${image}\n`)).toEqual(
      why === null ? [] : [`1: the image ${image} is no reference: ${why}`],
    );
  });

  test('that a build argument completes is judged with it', () => {
    const text = 'ARG V\nFROM debian:$V\n';
    expect(refused(text)).toEqual([
      '2: the image debian:, from debian:$V, is no reference: its tag is empty',
    ]);
    expect(refusals(parseDockerfile(text, { buildArgs: { V: '12' } }))).toEqual([]);
  });

  test('a platform without a value is refused, one of a predefined argument is not', () => {
    expect(refused('FROM --platform=$BULIDPLATFORM a:1\n')).toEqual([
      '1: --platform=$BULIDPLATFORM is empty: no ARG above the first FROM gives it a value',
    ]);
    expect(refused('FROM --platform=$BUILDPLATFORM a:1\n')).toEqual([]);
  });
});

test('stages in a circle are refused once, and one that takes from below', () => {
  const circle = 'FROM a:1 AS one\nCOPY --from=two /b /a\nFROM a:1 AS two\nCOPY --from=one /a /b\nFROM b:1\n';
  expect(refused(circle)).toEqual(['4: the stage one takes from itself in a circle']);
  expect(refused('FROM a:1 AS one\nCOPY --from=two /b /a\nFROM a:1 AS two\n', 'one')).toEqual([
    '2: cannot take from the stage two: it stands below',
  ]);
});

test('a line of more than 65,535 bytes is refused, and no shorter one', () => {
  const line = (bytes: number) =>
    `FROM a:1\n#${'ä'.repeat(Math.floor((bytes - 1) / 2))}${(bytes - 1) % 2 ? 'x' : ''}\n`;
  expect(refused(line(65_535))).toEqual([]);
  expect(refused(line(65_536))).toEqual(['2: a line has 65536 bytes: Docker reads 65535 at most']);
});

test('as many stages as a Dockerfile may have are judged, each built on the one above', () => {
  const stages = Array.from(
    { length: LIMITS.dockerfileStages },
    (_, at) => `FROM a:1 AS s${at}\nCOPY --from=${Math.max(0, at - 1)} /a /a`,
  );
  expect(refusals(parseDockerfile(`FROM b:1 AS s\n${stages.slice(1).join('\n')}\n`))).toEqual([]);
});

test('no Dockerfile of the fixtures is refused', () => {
  const root = join(import.meta.dirname, '../../catalog-fixtures');
  const names = (readdirSync(root, { recursive: true }) as string[]).filter((name) =>
    /Dockerfile/.test(name),
  );
  const files = names.filter(
    (name) => statSync(join(root, name)).isFile() && !name.endsWith('.dockerignore'),
  );
  expect(files.length).toBeGreaterThan(5);
  for (const name of files) expect(refused(readFileSync(join(root, name), 'utf8')), name).toEqual([]);
});
