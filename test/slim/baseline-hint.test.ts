import { describe, expect, test } from 'vitest';
import { baselineHint } from '../../src/slim/baseline/baseline-hint.ts';
import { memoryTree } from '../support/memory-tree.ts';

const TREE = memoryTree({ '/app/server.py': '', '/app/both.py': '', '/both.py': '' });
const hintOf = (
  argv: readonly [string, ...string[]],
  image: Partial<Parameters<typeof baselineHint>[1]> = {},
) =>
  baselineHint(
    { kraftfile: 'Kraftfile', argv, env: { PATH: '/bin', MODE: 'a b' } },
    { user: '', workingDir: '', env: ['PATH=/bin'], ...image },
    TREE,
  );

describe('where an app fails on its full root file system the hint', () => {
  test('is the docker run line that does the same', () => {
    expect(hintOf(['/bin/app', '-c', "it's"])).toBe(
      'try the image that docker build makes: docker run --rm --network none -u 0:0 -w / ' +
        "-e 'MODE=a b' --entrypoint /bin/app IMAGE -c 'it'\\''s'",
    );
  });

  test.each(['postgres', '999', '999:999', 'app:root'])('names USER %s, which has no effect', (user) => {
    expect(hintOf(['/bin/app'], { user })).toContain(
      `USER ${user} has no effect: Unikraft runs every app as root`,
    );
  });

  test.each(['', '0', 'root', '0:0', 'root:root'])('says nothing of USER %j', (user) => {
    expect(hintOf(['/bin/app'], { user })).not.toContain('USER');
  });

  test('says which word of cmd a WORKDIR would complete', () => {
    const hint = hintOf(['python3', '-u', 'server.py'], { workingDir: '/app' });
    expect(hint).toContain(
      "the image's WORKDIR /app has no effect: Unikraft starts every app in /, so write /app/server.py in place of server.py in cmd",
    );
  });

  test.each([
    ['a file that / has too', ['python3', 'both.py']],
    ['a word that is no file', ['python3', 'absent.py']],
    ['an absolute path', ['python3', '/app/server.py']],
  ] as const)('replaces no word for %s', (_, argv) => {
    const hint = hintOf([...argv] as [string, ...string[]], { workingDir: '/app/' });
    expect(hint).toContain('WORKDIR /app/ has no effect');
    expect(hint).not.toContain('in place of');
  });

  test('says nothing of a WORKDIR that is /', () => {
    expect(hintOf(['/bin/app'], { workingDir: '/' })).not.toContain('WORKDIR');
  });
});
