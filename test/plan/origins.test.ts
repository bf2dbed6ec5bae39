import { describe, expect, test } from 'vitest';
import { finalStage } from '../../src/dockerfile/model.ts';
import type { Rootfs } from '../../src/image/rootfs.ts';
import { layOut } from '../../src/plan/layout.ts';
import { type Origins, originsOf } from '../../src/plan/origins.ts';
import { planSlim } from '../../src/plan/plan.ts';
import { needsOf, type Sources, sourcesOf, traceStage, treesOf } from '../support/rewriting.ts';
import type { RootfsTable } from '../support/rootfs.ts';

const BUILD: RootfsTable = {
  '/usr/lib/libz.so.1': 'symlink libz.so.1.2',
  '/usr/lib/libz.so.1.2': 'z',
  '/usr/lib/libalt.so': 'symlink /etc/alternatives/alt',
  '/etc/alternatives/alt': 'symlink /usr/lib/libz.so.1.2',
  '/usr/bin/app': 'app',
  '/bin': 'symlink usr/bin',
};

const HEAD = 'FROM debian AS build\nFROM debian AS other\nFROM scratch\n';

/** The origins of the files that are needed of a final stage: `number of the COPY, path`, by their names. */
async function originsIn(
  lines: string,
  needed: readonly string[],
  other: RootfsTable = {},
): Promise<Record<string, string>> {
  await using opened = await sourcesOf({ build: BUILD, other });
  await using traced = await traceStage(`${HEAD}${lines}\n`, opened.sources);
  const { of } = origins(traced, needed, opened.sources);
  const copies = finalStage(traced.dockerfile).instructions;
  return Object.fromEntries(
    [...of].map(([path, { instruction, origin }]) => [path, `${copies.indexOf(instruction)} ${origin}`]),
  );
}

function origins(
  { dockerfile, full, copied }: Awaited<ReturnType<typeof traceStage>>,
  needed: readonly string[],
  sources: Sources,
): Origins {
  const layout = layOut(full as Rootfs, planSlim(full, needsOf(needed)));
  return originsOf(layout, { full, copied, treeOf: treesOf(dockerfile, sources) });
}

describe('a file comes from', () => {
  test.each<[claim: string, lines: string, needed: string, origin: string]>([
    ['where its line read it', 'COPY --from=build /usr/bin/app /x', '/x', '0 /usr/bin/app'],
    [
      'the link that it was, where that leads to the same bytes',
      'COPY --from=build /usr/lib /lib',
      '/lib/libz.so.1',
      '0 /usr/lib/libz.so.1',
    ],
    [
      'the link that its name leads through, by its own name there',
      'COPY --from=build / /',
      '/bin/app',
      '0 /usr/bin/app',
    ],
    ['a link through another link', 'COPY --from=build / /', '/usr/lib/libalt.so', '0 /usr/lib/libalt.so'],
  ])('%s', async (_, lines, needed, origin) => {
    expect(await originsIn(lines, [needed])).toEqual({ [needed]: origin });
  });

  test('what the link leads to, where that is another file than it leads to at home', async () => {
    const lines = 'COPY --from=build /usr/lib /usr/lib\nCOPY --from=other /z /usr/lib/libz.so.1.2';
    expect(await originsIn(lines, ['/usr/lib/libz.so.1'], { '/z': 'newer' })).toEqual({
      '/usr/lib/libz.so.1': '1 /z',
    });
  });

  test('what the link leads to, where it leads nowhere at home', async () => {
    const lines = 'COPY --from=other /links/ /l/\nCOPY --from=build /usr/bin/app /target';
    expect(await originsIn(lines, ['/l/x'], { '/links/x': 'symlink /target' })).toEqual({
      '/l/x': '1 /usr/bin/app',
    });
  });
});

test('directories have no origin, and every file has one or is unknown', async () => {
  await using opened = await sourcesOf({ '.': {}, build: BUILD });
  const text = `${HEAD}COPY --from=build /usr/bin/app /d/app\nADD https://example.org/x /d/\n`;
  const built = { '/d/app': 'app', '/d/x': 'from afar', '/d/link': 'symlink x' };
  await using traced = await traceStage(text, opened.sources, built);
  const { of, unknown } = origins(traced, ['/d/app', '/d/x', '/d/link', '/d'], opened.sources);
  expect([...of.keys()]).toEqual(['/d/app']);
  expect(unknown).toEqual(['/d/link', '/d/x']);
});
