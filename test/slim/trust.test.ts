import { expect, test } from 'vitest';
import { assembleLayout, type Layout } from '../../src/plan/layout.ts';
import { UserError } from '../../src/shared/failure.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { insistOnTrust, type Oracle } from '../../src/slim/search/oracle.ts';
import { rootfsOf } from '../support/rootfs.ts';

/** How a fake oracle answers about `none`, `planned` and `everything`; what was asked; and how the checks ended. */
async function checked(answers: Readonly<Record<string, boolean>>): Promise<[asked: string[], end: unknown]> {
  await using rootfs = await rootfsOf({ '/a': 'a', '/b': 'b' });
  const arrivals = ['/a', '/b'].map((name) => ({
    path: imagePath(name),
    source: imagePath(name),
    reasons: [],
  }));
  const planned = assembleLayout(rootfs, arrivals.slice(0, 1));
  const asked: string[] = [];
  const oracle: Pick<Oracle, 'ask'> = {
    ask: async ({ entries }: Layout) => {
      const set =
        ['none', 'planned', 'everything'][entries.filter(({ type }) => type === 'file').length] ?? '';
      asked.push(set);
      return answers[set] ?? false;
    },
  };
  const everything = () => assembleLayout(rootfs, arrivals);
  const end = await insistOnTrust(oracle, { planned, everything }).catch((error: unknown) => error);
  return [asked, end];
}

test('an oracle is trusted that refuses nothing at all and accepts what was found', async () => {
  expect(await checked({ planned: true })).toEqual([['none', 'planned'], undefined]);
});

test('where what was found is refused, it has to accept everything', async () => {
  expect(await checked({ everything: true })).toEqual([['none', 'planned', 'everything'], undefined]);
});

test('one that accepts an empty root file system is not trusted, and asked no more', async () => {
  const [asked, end] = await checked({ none: true, planned: true, everything: true });
  expect(asked).toEqual(['none']);
  expect(end).toBeInstanceOf(UserError);
  expect(end).toMatchObject({ code: 'workload-failed' });
});

test('one that refuses the files of the baseline is not trusted', async () => {
  const [, end] = await checked({});
  expect(end).toBeInstanceOf(UserError);
  expect(end).toMatchObject({ code: 'baseline-unstable' });
});
