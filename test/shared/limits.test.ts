import { expect, test } from 'vitest';
import { assertExpandable, expandStage } from '../../src/dockerfile/expand-stage.ts';
import { parseDockerfile } from '../../src/dockerfile/parse-dockerfile.ts';
import { readCloudRun, readUnikraftBuild } from '../../src/entry/cloud-run.ts';
import { readKraftRun } from '../../src/entry/kraft-run.ts';
import { readmeCommands } from '../../src/entry/readme.ts';
import { LIMITS } from '../../src/shared/limits.ts';
import { timeLimit } from '../../src/shared/time-limit.ts';
import { readTrace } from '../../src/strace/read-trace.ts';

const exceeds = (limit: number) => ({
  code: 'limit-exceeded',
  message: expect.stringContaining(limit.toLocaleString('en-US')),
});

/** A log in which an app opens ever new names, which are not there. */
async function* opens(count: number, name: (at: number) => string) {
  for (let at = 0; at < count; at += 1)
    yield Buffer.from(
      `7 openat(AT_FDCWD, "/${name(at)}", O_RDONLY) = -1 ENOENT (No such file or directory)\n`,
    );
}

test('a trace of ever new names ends within its memory; one of the same names is read, however long', async () => {
  const options = { maxBytes: 2 ** 20 };
  const long = 'a'.repeat(3900);
  await expect(
    readTrace(
      opens(900_000, (at) => `${long}${at}`),
      options,
    ),
  ).rejects.toMatchObject(exceeds(2 ** 20));
  const { failed } = await readTrace(
    opens(20_000, (at) => `${long}${at % 10}`),
    options,
  );
  expect(failed).toHaveLength(10);
});

test('stages, instructions, variables and expansions of a Dockerfile have limits', () => {
  const read = (text: string) => () => parseDockerfile(text);
  expect(read('FROM a\n'.repeat(LIMITS.dockerfileStages))).not.toThrow();
  expect(read('FROM a\n'.repeat(LIMITS.dockerfileStages + 1))).toThrow(
    expect.objectContaining(exceeds(LIMITS.dockerfileStages)),
  );
  expect(read(`FROM a\n${'RUN a\n'.repeat(LIMITS.dockerfileInstructions)}`)).toThrow(
    expect.objectContaining(exceeds(LIMITS.dockerfileInstructions)),
  );
  const doubling = `FROM a\nENV A=aaaaaaaa\n${'ENV A=$A$A\n'.repeat(60)}`;
  const dockerfile = parseDockerfile(doubling);
  expect(() => expandStage(dockerfile, dockerfile.stages[0] as (typeof dockerfile.stages)[number])).toThrow(
    expect.objectContaining(exceeds(LIMITS.expandedCharacters)),
  );
});

test('a line of a trace has a limit, with its end and without', async () => {
  async function* line(end: string) {
    yield Buffer.from('7 write(1, "');
    for (let bytes = 0; bytes <= LIMITS.traceLineBytes; bytes += 2 ** 16) yield Buffer.alloc(2 ** 16, 'a');
    yield Buffer.from(`"...) = 1${end}`);
  }
  for (const end of ['', '\n'])
    await expect(readTrace(line(end), {})).rejects.toMatchObject(exceeds(LIMITS.traceLineBytes));
});

const MANY_VARIABLES = Array.from({ length: LIMITS.dockerfileVariables + 1 }, (_, at) => `ARG A${at}=1`);

test.each<[string, number, string]>([
  ['variables of a stage', LIMITS.dockerfileVariables, MANY_VARIABLES.join('\n')],
  ['steps of a pattern', LIMITS.patternSteps, `ARG A=${'a'.repeat(1500)}\nENV B=\${A#${'a'.repeat(1500)}}`],
  [
    'characters of what replaces a pattern',
    LIMITS.expandedCharacters,
    `ARG A=${'a'.repeat(10_000)}\nARG B=${'b'.repeat(200_000)}\nENV C=\${A//a/$B}`,
  ],
])('%s have a limit', (_, limit, lines) => {
  const dockerfile = parseDockerfile(`FROM a\n${lines}\n`);
  expect(() => expandStage(dockerfile, dockerfile.stages[0] as (typeof dockerfile.stages)[number])).toThrow(
    expect.objectContaining(exceeds(limit)),
  );
});

test.each([
  ['kraft run', readKraftRun],
  ['kraft cloud deploy .', readCloudRun],
  ['unikraft run .', readCloudRun],
  ['unikraft build . --output a', readUnikraftBuild],
])('the words of %s have a limit', (command, read) => {
  const words = command.split(' ');
  const rest = (count: number) => Array.from({ length: count - words.length }, () => '-v');
  expect(read([...words, ...rest(LIMITS.commandWords)])).toBeDefined();
  expect(read([...words, ...rest(LIMITS.commandWords + 1)])).toBeUndefined();
});

test('a build is refused where a word of a stage that it needs becomes too long', () => {
  const doubling = `ARG A=aaaaaaaa\n${'ARG A=$A$A\n'.repeat(60)}`;
  const exceeded = expect.objectContaining(exceeds(LIMITS.expandedCharacters));
  const of = (text: string, target?: string) => () => assertExpandable(parseDockerfile(text), target);
  expect(of(`FROM a AS b\n${doubling}FROM a\nCOPY --from=b /x /x\n`)).toThrow(exceeded);
  expect(of(`FROM a AS b\n${doubling}FROM a AS c\nFROM b\n`)).toThrow(exceeded);
  expect(of(`FROM a AS b\n${doubling}FROM a AS c\nFROM b\n`, 'c')).not.toThrow();
  // what is wrong otherwise is for the builder to say
  expect(of('FROM a\nENV A="${B:?needed}"\n')).not.toThrow();
});

test('commands of a README have a limit', () => {
  const block = (count: number) => `\`\`\`console\n${'kraft run .\n'.repeat(count)}\`\`\`\n`;
  expect(readmeCommands(block(LIMITS.readmeCommands))).toHaveLength(LIMITS.readmeCommands);
  expect(() => readmeCommands(block(LIMITS.readmeCommands + 1))).toThrow(
    expect.objectContaining(exceeds(LIMITS.readmeCommands)),
  );
});

test('a time limit of a year does not fire at once', async () => {
  const limit = timeLimit(365 * 24 * 3600 * 1000);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(limit.aborted).toBe(false);
});
