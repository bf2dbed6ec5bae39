import { describe, expect, test } from 'vitest';
import { PLAIN_RUN } from '../../src/entry/kraft-run.ts';
import { launchRuns, readmeRunOf, readmeRuns, runOf } from '../../src/entry/readme-runs.ts';

const readme = (...lines: string[]) => lines.map((line) => `\`\`\`\n${line}\n\`\`\`\n`).join('\n');
const linesOf = (markdown: string) =>
  readmeRuns(markdown).map(({ commands }) => commands.map(({ words }) => words.join(' ')));

describe('the runs of a README', () => {
  test('the published image and the one built here are one', () => {
    const markdown = readme(
      'kraft run -p 1:2 -M 1G unikraft.org/a',
      'curl x:1',
      'kraft run -p 3:4 .',
      'curl x:3',
    );
    expect(linesOf(markdown)).toEqual([
      ['kraft run -p 1:2 -M 1G unikraft.org/a', 'curl x:1', 'kraft run -p 3:4 .', 'curl x:3'],
    ]);
  });

  test('the first of two that are one wins', () => {
    const markdown = readme(
      'kraft run -p 1:2 -e A=1 -v a:/v unikraft.org/a',
      'kraft run -p 1:3 -p 4:5 -e A=2 -e B=2 -M 1G -v b:/v -v c:/w .',
    );
    expect(runOf(markdown)).toEqual({
      ...PLAIN_RUN,
      ports: [
        { host: 1, guest: 2 },
        { host: 4, guest: 5 },
      ],
      env: { A: '1', B: '2' },
      memoryBytes: 1e9,
      volumes: [
        { host: 'a', guest: '/v', readOnly: false },
        { host: 'c', guest: '/w', readOnly: false },
      ],
    });
  });

  test('another Kraftfile or other arguments make another, and a command belongs to the one above it', () => {
    const markdown = readme(
      'curl early:1',
      'kraft run .',
      'curl a:1',
      'kraft run -K b .',
      'curl b:1',
      'kraft run . /c',
    );
    expect(linesOf(markdown)).toEqual([
      ['curl early:1', 'kraft run .', 'curl a:1'],
      ['kraft run -K b .', 'curl b:1'],
      ['kraft run . /c'],
    ]);
  });
});

describe('the run of a Kraftfile', () => {
  const markdown = readme(
    'kraft run -K ./Kraftfile.ls . /ls',
    'kraft run -M 1G .',
    'kraft run -K Kraftfile.ls . /b',
  );
  const argsOf = (name?: string) => readmeRunOf(markdown, name)?.run.args;

  test.each(['Kraftfile.ls', '../x/Kraftfile.ls'])('is the first that names it: %s', (name) => {
    expect(argsOf(name)).toEqual(['/ls']);
  });

  test('is else the first that names none', () => {
    expect(runOf(markdown, 'Kraftfile.cat')).toEqual({ ...PLAIN_RUN, memoryBytes: 1e9 });
  });

  test('is the first of all where no Kraftfile is asked for', () => {
    expect(argsOf()).toEqual(['/ls']);
  });

  test('is none where all name another', () => {
    const other = readme('kraft run -K Kraftfile.ls -M 1G .');
    expect(readmeRunOf(other, 'Kraftfile.cat')).toBeUndefined();
    expect(runOf(other, 'Kraftfile.cat')).toEqual(PLAIN_RUN);
  });
});

describe('the launches of a Kraftfile', () => {
  const CMD = ['/bin/app', 'all'];
  const launches = (lines: string[], command = CMD) =>
    launchRuns(readmeRuns(readme(...lines)), 'Kraftfile', command).map((run) => run?.run.args);

  test.each<[claim: string, lines: string[], args: unknown[]]>([
    ['are its command alone, where the README adds no words', ['kraft run -M 1G .'], [null]],
    ['are its command alone, where the README says the same words', ['kraft run . /bin/app all'], [CMD]],
    ['are the words of the README, and its command', ['kraft run . /bin/app h'], [['/bin/app', 'h'], null]],
    [
      'are all the words of the README, of which one run adds none',
      ['kraft run . /a', 'kraft run .', 'kraft run . /b'],
      [['/a'], null, ['/b']],
    ],
    ['are one of which nothing is said, where the README has no run', ['curl localhost'], [undefined]],
    [
      'are four at most',
      ['a', 'b', 'c', 'd', 'e'].map((name) => `kraft run . /${name}`),
      [['/a'], null, ['/b'], ['/c']],
    ],
  ])('%s', (_, lines, args) => {
    expect(launches(lines)).toEqual(args);
  });

  test('are the words of the README alone where the Kraftfile has no command', () => {
    expect(launches(['kraft run . /a'], [])).toEqual([['/a']]);
  });
});
