import { describe, expect, test } from 'vitest';
import { finalStage } from '../../src/dockerfile/model.ts';
import { type Arrival, assembleLayout, withExactDirectories } from '../../src/plan/layout.ts';
import { layoutOfStage } from '../../src/plan/layout-of-stage.ts';
import { hasUnusual, type Staging } from '../../src/render/staged-root.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { dockerfileOf, renderWhole } from '../support/dockerfile.ts';
import { rootfsOf } from '../support/rootfs.ts';

const POSSIBLE: Staging = { kind: 'possible', list: 'rootfs.list', place: imagePath('/.rootfs') };
const TABLE = {
  '/tmp': 'directory 1777',
  '/srv/private': 'directory 700',
  '/srv/private/file': 'x',
  '/usual/file': 'x',
  '/empty': 'directory',
};
const arrivals = ['/tmp', '/empty', '/srv/private/file', '/usual/file'].map(
  (path): Arrival => ({ path: imagePath(path), source: imagePath(path), reasons: [] }),
);

const modesOf = ({ entries }: ReturnType<typeof assembleLayout>) =>
  Object.fromEntries(
    entries.flatMap(({ type, path, mode }) => (type === 'directory' ? [[path, mode.toString(8)]] : [])),
  );

describe('directories', () => {
  test('have the mode of COPY and WORKDIR in a layout', async () => {
    await using rootfs = await rootfsOf(TABLE);
    const layout = assembleLayout(rootfs, arrivals);
    expect(new Set(Object.values(modesOf(layout)))).toEqual(new Set(['755']));
    expect(hasUnusual(layout)).toBe(false);
    expect(renderWhole(layout, { staging: POSSIBLE }).list).toBeNull();
  });

  test('keep their mode where they are exact, those on the way too', async () => {
    await using rootfs = await rootfsOf(TABLE);
    const layout = assembleLayout(rootfs, withExactDirectories(rootfs, arrivals));
    expect(modesOf(layout)).toMatchObject({
      '/tmp': '1777',
      '/srv/private': '700',
      '/empty': '755',
      '/usual': '755',
    });
    expect(hasUnusual(layout)).toBe(true);
  });

  test('come from a list in a separate stage, and are read back from it', async () => {
    await using rootfs = await rootfsOf(TABLE);
    const layout = assembleLayout(rootfs, withExactDirectories(rootfs, arrivals));
    const { text, list } = renderWhole(layout, { staging: POSSIBLE });
    expect(list).toBe(
      '# Data\n/srv/private/file\n/usual/file\n\n# Directories\n/empty/\n/srv/private/\n/tmp/\n',
    );
    expect(text).toContain('--preserve-permissions; \\\n');
    expect(text).not.toContain('mkdir -p');
    const dockerfile = dockerfileOf(text);
    const read = layoutOfStage(dockerfile, finalStage(dockerfile), { full: rootfs, list });
    expect(modesOf(read)).toEqual(modesOf(layout));
  });
});
