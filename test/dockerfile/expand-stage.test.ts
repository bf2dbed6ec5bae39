import { describe, expect, test } from 'vitest';
import { type ExpandStageOptions, expandStage } from '../../src/dockerfile/expand-stage.ts';
import { finalStage } from '../../src/dockerfile/model.ts';
import { type ParseOptions, parseDockerfile } from '../../src/dockerfile/parse-dockerfile.ts';
import { stagesUsedBy, targetStage } from '../../src/dockerfile/stages-used.ts';

const expandFinal = (text: string, parse?: ParseOptions, options?: ExpandStageOptions) => {
  const dockerfile = parseDockerfile(text, parse);
  return expandStage(dockerfile, finalStage(dockerfile), options);
};

/** What `$X` is at the end of the final stage. */
const valueOfX = (text: string, parse?: ParseOptions) => expandFinal(text, parse).variables.get('X');

describe('scope of variables', () => {
  test.each([
    ['ARG X=1\nFROM a', undefined],
    ['ARG X=1\nFROM a\nARG X', '1'],
    ['ARG X=1\nFROM a\nARG X=2', '2'],
    ['FROM a\nARG X=1\nFROM b', undefined],
    ['FROM a AS p\nARG X=1\nFROM p', '1'],
    ['FROM a AS p\nENV X=1\nFROM p', '1'],
    ['FROM a\nENV X=1 Y=2\nENV X=$Y Y=3', '2'],
    ['FROM a\nENV X one  two', 'one  two'],
    ['FROM a\nARG X=arg\nENV X=env', 'env'],
    ['FROM a\nENV X=env\nARG X=arg', 'arg'],
    ['FROM a AS p\nENV X=env\nARG X=arg\nFROM p', 'env'],
    ['FROM a\nARG X=first\nARG X=second', 'second'],
    ['FROM a\nARG TARGETARCH\nARG X=$TARGETARCH', 'amd64'],
    ['FROM a\nARG X=$TARGETARCH', ''],
    ['FROM a\nARG Y=1 X=$Y', '1'],
  ])('%j', (text, value) => {
    expect(valueOfX(text)).toBe(value);
  });

  test('a build argument wins over the default of an ARG that declares it', () => {
    const buildArgs = { X: 'given' };
    expect(valueOfX('FROM a\nARG X=default', { buildArgs })).toBe('given');
    expect(valueOfX('ARG X\nFROM a\nARG X', { buildArgs })).toBe('given');
    expect(valueOfX('FROM a', { buildArgs })).toBeUndefined();
  });

  test('an instruction sees what was set before it, and ENV apart from ARG', () => {
    const { instructions, environment } = expandFinal('FROM a\nARG X=1\nENV Y=$X\nRUN x\nENV Z=1');
    const run = instructions[2];
    expect([...(run?.environment ?? [])]).toEqual([['Y', '1']]);
    expect([...(run?.variables ?? [])]).toEqual([
      ['X', '1'],
      ['Y', '1'],
    ]);
    expect([...environment.keys()]).toEqual(['Y', 'Z']);
  });

  test('ENV and WORKDIR of the base image are taken over', () => {
    const baseConfig = () => ({ environment: { DIR: 'in' }, workdir: '/srv' });
    const { instructions } = expandFinal('FROM a\nCOPY x $DIR/y', {}, { baseConfig });
    expect(instructions[0]?.copy?.destination).toBe('/srv/in/y');
  });
});

describe('COPY', () => {
  test.each([
    ['COPY a b', '/b', false],
    ['COPY a b/', '/b', true],
    ['COPY a b c', '/c', true],
    ['COPY a .', '/', true],
    ['COPY a b/.', '/b', false],
    ['WORKDIR /x/y\nCOPY a .', '/x/y', true],
    ['WORKDIR /x\nWORKDIR y\nCOPY a ../z', '/x/z', false],
    ['WORKDIR /x\nENV D=/q\nCOPY a ${D}/r', '/q/r', false],
    ['COPY ["a b", "c d/"]', '/c d', true],
  ])('%j goes to %s', (body, destination, intoDirectory) => {
    const copy = expandFinal(`FROM a\n${body}`).instructions.at(-1)?.copy;
    expect(copy).toMatchObject({ destination, intoDirectory });
  });

  test('a heredoc is expanded unless its name is quoted, and keeps its quotes', () => {
    const { instructions } = expandFinal(`FROM a\nENV X=1\nCOPY <<A <<'B' /d/\n"$X"\nA\n"$X"\nB\n`);
    expect(instructions.at(-1)?.copy?.inline).toEqual([
      { name: 'A', content: '"1"\n' },
      { name: 'B', content: '"$X"\n' },
    ]);
  });

  test('a word that cannot be expanded is shown with its line', () => {
    expect(() => expandFinal('FROM a\nCOPY ${X:?set X} b')).toThrow('cannot expand ${X:?set');
  });
});

describe('stages used', () => {
  const text = [
    'FROM a AS unused',
    'FROM a AS base',
    'FROM base AS build',
    'FROM a AS tools',
    'FROM build AS mid',
    'RUN --mount=from=tools,target=/t x',
    'FROM scratch AS out',
    'COPY --from=mid /x /x',
  ].join('\n');
  const dockerfile = parseDockerfile(text);

  test('FROM, COPY --from and mounts count, directly and through other stages', () => {
    expect(stagesUsedBy(dockerfile)).toEqual([1, 2, 3, 4, 5]);
  });

  test.each([
    ['build', [1, 2]],
    ['TOOLS', [3]],
    ['0', [0]],
  ])('for the target %s', (target, used) => {
    expect(stagesUsedBy(dockerfile, targetStage(dockerfile, target))).toEqual(used);
  });

  test('a target that is no stage is undefined', () => {
    expect(targetStage(dockerfile, 'nope')).toBeUndefined();
    expect(targetStage(dockerfile, '6')).toBeUndefined();
  });
});
