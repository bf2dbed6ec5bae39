import { expect, test } from 'vitest';
import type { Result } from '../../src/slim/result.ts';
import { catalogOf } from '../support/catalog.ts';
import { runJson } from '../support/cli.ts';
import { APP, smallEntry } from '../support/small-entry.ts';

const README = 'kraft run . /bin/cat /hello\n```\n\n```\nHello';

/** An entry whose README runs other words than its Kraftfile, slimmed; with the Dockerfile that it ends with. */
async function slimmed(cmd: readonly string[]): Promise<{ result: Result; dockerfile: string }> {
  await using catalog = await catalogOf(smallEntry({ cmd, readme: README }));
  const { document } = await runJson([APP], { cwd: catalog.path });
  return { result: document as unknown as Result, dockerfile: await catalog.read(`${APP}/Dockerfile`) };
}

test('words behind kraft run and the command of the Kraftfile are both run, and both stay able to', async () => {
  const { result, dockerfile } = await slimmed(['/bin/ls', '/hello']);
  const { status, verified, launches, reason } = result;
  expect({ status, verified, reason }).toEqual({ status: 'slimmed', verified: true, reason: null });
  expect(launches.map(({ argv }) => argv)).toEqual([
    ['/bin/cat', '/hello'],
    ['/bin/ls', '/hello'],
  ]);
  expect(dockerfile).toMatch(/COPY .*\/bin\/cat \/bin\/ls /);
});

test('a second command line that fails on the full root file system is left out, with a warning', async () => {
  const { result } = await slimmed(['/bin/no-such-program']);
  expect({ status: result.status, verified: result.verified }).toEqual({ status: 'slimmed', verified: true });
  expect(result.launches).toHaveLength(1);
  expect(result.warnings.map(({ code }) => code)).toContain('launch-left-out');
});
