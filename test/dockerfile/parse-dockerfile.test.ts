import { describe, expect, test } from 'vitest';
import type { Instruction, InstructionOf } from '../../src/dockerfile/model.ts';
import { type ParseOptions, parseDockerfile } from '../../src/dockerfile/parse-dockerfile.ts';
import { UserError } from '../../src/shared/failure.ts';

function only<K extends Instruction['keyword']>(keyword: K, body: string): InstructionOf<K> {
  const found = parseDockerfile(`FROM base\n${body}`).stages[0]?.instructions ?? [];
  expect(found.map((one) => one.keyword)).toEqual([keyword]);
  return found[0] as InstructionOf<K>;
}

function errorOf(text: string, options?: ParseOptions): UserError {
  try {
    parseDockerfile(text, options);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('stages', () => {
  test('stages know their name, their base and which stage that is', () => {
    const text =
      'FROM --platform=$BUILDPLATFORM debian AS Build\nFROM build as two\nfrom scratch\nFROM two\n';
    const { stages } = parseDockerfile(text);
    expect(stages.map(({ name, from }) => [name, from.kind, from.stageIndex, from.platform])).toEqual([
      ['build', 'image', null, '$BUILDPLATFORM'],
      ['two', 'stage', 0, null],
      [null, 'scratch', null, null],
      [null, 'stage', 1, null],
    ]);
  });

  test('a FROM is expanded by global ARGs, build arguments and platform', () => {
    const text = 'ARG V=12\nARG IMAGE=debian:$V\nFROM ${IMAGE}-${TARGETARCH}\n';
    const image = (options?: ParseOptions) => parseDockerfile(text, options).stages[0]?.from.image;
    expect(image()).toBe('debian:12-amd64');
    expect(image({ buildArgs: { V: '13' }, targetPlatform: 'linux/arm64' })).toBe('debian:13-arm64');
    expect(image({ buildArgs: { IMAGE: 'x', OTHER: 'y' } })).toBe('x-amd64');
  });

  test('ONBUILD, USER and other instructions keep their text', () => {
    expect(only('ONBUILD', 'ONBUILD RUN  x').text).toBe('RUN  x');
    expect(only('USER', 'user  www-data ').text).toBe('www-data');
  });

  test('COPY --from finds a stage by name in any case, by number, else an image', () => {
    const text =
      'FROM a AS One\nFROM b\nFROM scratch\nCOPY --from=ONE x y z/\nCOPY --from=1 x y\nCOPY --from=nginx:1 x y\n';
    const copies = parseDockerfile(text).stages[2]?.instructions as InstructionOf<'COPY'>[];
    expect(copies.map((copy) => copy.from)).toEqual([
      { kind: 'stage', raw: 'ONE', stageIndex: 0 },
      { kind: 'stage', raw: '1', stageIndex: 1 },
      { kind: 'image', raw: 'nginx:1' },
    ]);
  });
});

describe('lines', () => {
  test('continued lines are joined, comments and empty lines between them left out', () => {
    const copy = only('COPY', 'COPY a \\\n  # why\n\n  b \\  \n  c/\n');
    expect(copy.sources.map((word) => word.text)).toEqual(['a', 'b']);
    expect(copy.destination.text).toBe('c/');
    expect(copy.lines).toEqual({ first: 2, last: 6 });
  });

  test('the escape directive changes the character that continues a line', () => {
    const { stages } = parseDockerfile('# escape=`\nFROM a\nCOPY x `\n C:\\\nCOPY y z\n');
    const copies = stages[0]?.instructions as InstructionOf<'COPY'>[];
    expect(copies.map((copy) => copy.destination.text)).toEqual(['C:\\', 'z']);
  });

  test('a doubled escape character does not continue a line', () => {
    const { stages } = parseDockerfile('FROM a\nRUN echo \\\\\nUSER x\n');
    expect(stages[0]?.instructions.map((one) => one.keyword)).toEqual(['RUN', 'USER']);
  });

  test('directives end at the first comment that is none', () => {
    const names = (text: string) => parseDockerfile(`${text}\nFROM a`).directives.map((one) => one.name);
    expect(names('# syntax=docker/dockerfile:1\n#check=skip=all\n# ESCAPE = `')).toEqual([
      'syntax',
      'check',
      'escape',
    ]);
    expect(names('# hello\n# escape=`')).toEqual([]);
    expect(names('\n# escape=`')).toEqual([]);
  });

  test('CRLF and a byte order mark change neither words nor ranges', () => {
    const text = '\ufeffFROM a\r\nCOPY b \\\r\n  c\r\nCMD ["x"]\r\n';
    const [copy, cmd] = parseDockerfile(text).stages[0]?.instructions ?? [];
    expect(copy?.raw).toBe('COPY b \\\r\n  c');
    expect(cmd?.raw).toBe('CMD ["x"]');
    expect(text.slice(copy?.range.start, copy?.range.end)).toBe(copy?.raw);
  });

  test('words know their place across continued lines', () => {
    const text = 'FROM a\nCOPY --chown=1:1 one \\\n  two \\\n  three/\n';
    const copy = parseDockerfile(text).stages[0]?.instructions[0] as InstructionOf<'COPY'>;
    const written = [...copy.sources, copy.destination, ...copy.flags].map(({ range }) =>
      text.slice(range.start, range.end),
    );
    expect(written).toEqual(['one', 'two', 'three/', '--chown=1:1']);
  });
});

describe('COPY and ADD', () => {
  test('flags are read with and without values', () => {
    const { flags } = only('COPY', 'COPY --link --chmod="0 755" --exclude=*.o --exclude=*.a a b');
    expect(flags.map(({ name, value }) => [name, value])).toEqual([
      ['link', null],
      ['chmod', '0 755'],
      ['exclude', '*.o'],
      ['exclude', '*.a'],
    ]);
  });

  test.each([
    ['COPY ["a b", "c\\td", "e f/"]', ['a b', 'c\td'], 'e f/', true],
    ['COPY [ "a", \\\n "b" ]', ['a'], 'b', true],
    ['COPY [a, b]', ['[a,'], 'b]', false],
    ['COPY [[]x y', ['[[]x'], 'y', false],
    ['ADD a "b" c', ['a', '"b"'], 'c', false],
  ])('%s', (body, sources, destination, jsonForm) => {
    const copy = only(body.startsWith('ADD') ? 'ADD' : 'COPY', body);
    expect(copy.sources.map((word) => word.text)).toEqual(sources);
    expect([copy.destination.text, copy.jsonForm]).toEqual([destination, jsonForm]);
  });

  test('JSON words know their place', () => {
    const text = 'FROM a\nCOPY ["a b", \\\n "c d"]\n';
    const copy = parseDockerfile(text).stages[0]?.instructions[0] as InstructionOf<'COPY'>;
    expect(
      [...copy.sources, copy.destination].map(({ range }) => text.slice(range.start, range.end)),
    ).toEqual(['"a b"', '"c d"']);
  });

  test('heredocs carry their content and are no sources', () => {
    const text = 'COPY <<ONE <<-"TWO" file /d/\n a $X\n ONE\nONE\n\tb\n\tTWO\n';
    const copy = only('COPY', text);
    expect(copy.heredocs.map(({ name, content, quoted }) => [name, content, quoted])).toEqual([
      ['ONE', ' a $X\n ONE\n', false],
      ['TWO', 'b\n', true],
    ]);
    expect(copy.sources.map((word) => word.text)).toEqual(['file']);
    expect(copy.raw).toBe(text.trimEnd());
  });

  test('<< in JSON form and in other instructions opens nothing', () => {
    const { stages } = parseDockerfile('FROM a\nRUN ["cat", "<<EOF"]\nENV A=<<EOF\nUSER x\n');
    expect(stages[0]?.instructions).toHaveLength(3);
  });
});

describe('the other instructions', () => {
  test.each([
    [
      'ENV a=1 b="x y" c=z\\ w',
      [
        ['a', '1'],
        ['b', '"x y"'],
        ['c', 'z\\ w'],
      ],
    ],
    ['ENV a  b = c', [['a', 'b = c']]],
    ['LABEL "k"=\'v w\'', [['"k"', "'v w'"]]],
  ])('%s', (body, pairs) => {
    const { pairs: found } = only(body.startsWith('ENV') ? 'ENV' : 'LABEL', body);
    expect(found.map(({ name, value }) => [name, value])).toEqual(pairs);
  });

  test('an ARG may have a default, an empty one or none', () => {
    expect(only('ARG', 'ARG a b= c="x y"').definitions).toEqual([
      { name: 'a', value: null },
      { name: 'b', value: '' },
      { name: 'c', value: '"x y"' },
    ]);
  });

  test.each([
    ['CMD ["a", "b c"]', { form: 'exec', argv: ['a', 'b c'] }],
    ['CMD []', { form: 'exec', argv: [] }],
    ["CMD ['a']", { form: 'shell', text: "['a']" }],
    ['CMD exec  a \\\n b', { form: 'shell', text: 'exec  a  b' }],
  ])('%s', (body, command) => {
    expect(only('CMD', body).command).toEqual(command);
  });

  test('RUN mounts and heredocs are read', () => {
    const text =
      'FROM a AS b\nFROM c\nRUN --mount=from=b,target=/x,ro --mount=type=cache,\\"target=/a,b\\" <<E sh\nx\nE\n';
    const run = parseDockerfile(text).stages[1]?.instructions[0] as InstructionOf<'RUN'>;
    expect(run.mounts).toEqual([
      {
        type: 'bind',
        from: { kind: 'stage', raw: 'b', stageIndex: 0 },
        fields: { from: 'b', target: '/x', ro: 'true' },
      },
      { type: 'cache', from: null, fields: { type: 'cache', target: '/a,b' } },
    ]);
    expect(run.heredocs[0]?.content).toBe('x\n');
  });
});

describe('mistakes', () => {
  test.each([
    ['', 'there is no FROM', 1],
    ['# only\n', 'there is no FROM', 2],
    ['RUN x\nFROM a', 'RUN before the first FROM', 1],
    ['FROM a\nCOPPY x y', 'unknown instruction COPPY', 2],
    ['FROM a\n\nCOPY x', 'COPY needs at least one source and a destination', 3],
    ['FROM a\nCOPY ["x"]', 'COPY needs at least one source and a destination', 2],
    ['FROM a\nCOPY ["x", 1]', 'COPY takes only strings in its JSON array', 2],
    ['FROM a\nCOPY a <<E\nE', 'COPY cannot have a heredoc as its destination', 2],
    ['FROM a\nCOPY --from=1 x y', 'there is no other stage 1 to copy from: the only stage is 0', 2],
    ['FROM a\nFROM b\nCOPY --from=1 x y', 'there is no other stage 1 to copy from: the stages are 0 to 1', 3],
    ['FROM a\nCOPY <<E x\nhello\n', 'the heredoc E is not terminated', 2],
    ['FROM a b', 'FROM takes `image` or `image AS name`', 1],
    ['FROM a AS 1', '1 is no name for a stage', 1],
    ['FROM', 'FROM needs an image', 1],
    ['FROM $NOTHING', 'the image $NOTHING expands to nothing', 1],
    ['FROM ${X', "cannot expand ${X: missing '}'", 1],
    ['FROM a\nENV a', 'ENV needs a name and a value', 2],
    ['FROM a\nENV a=1 b', 'ENV needs name=value, not b', 2],
    ['# escape=x\nFROM a', 'the escape directive must be \\ or `, not x', 1],
  ])('%j is refused', (text, why, line) => {
    const error = errorOf(text, { file: 'app/Dockerfile' });
    expect(error.code).toBe('dockerfile-invalid');
    expect(error.message).toBe(`cannot read app/Dockerfile: ${why}`);
    expect(error.detail).toMatch(new RegExp(`^app/Dockerfile:${line}:`));
  });

  test('a misspelt instruction names the nearest and points at it', () => {
    const error = errorOf('FROM a\n  COPPY x y\n');
    expect(error.hint).toBe('did you mean COPY?');
    expect(error.detail).toBe('Dockerfile:2:3: unknown instruction COPPY\n  2 |   COPPY x y\n    |   ^');
  });
});
