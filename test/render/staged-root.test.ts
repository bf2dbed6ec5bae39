import { describe, expect, test } from 'vitest';
import type { Need } from '../../src/analysis/need.ts';
import { readMarker } from '../../src/dockerfile/marker.ts';
import { type Layout, layOut } from '../../src/plan/layout.ts';
import { planSlim } from '../../src/plan/plan.ts';
import type { Staging } from '../../src/render/staged-root.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { dockerfileOf, renderWhole } from '../support/dockerfile.ts';
import { rootfsOf } from '../support/rootfs.ts';

const POSSIBLE: Staging = { kind: 'possible', list: 'rootfs.list', place: imagePath('/.rootfs') };

async function layoutOf(...names: string[]): Promise<Layout> {
  await using rootfs = await rootfsOf(
    Object.fromEntries(names.map((name) => [name, name.endsWith('/') ? 'directory' : name])),
  );
  const needs = names.map((name): Need => ({ path: imagePath(name), reason: { kind: 'started' } }));
  return layOut(rootfs, planSlim(rootfs, needs));
}

/** Files in separate directories, each a COPY line. */
const lines = (count: number) => Array.from({ length: count }, (_, at) => `/d/${1000 + at}/file`);
const finalLines = (text: string) => text.slice(text.search(/^FROM scratch$/m)).split('\n');

test('more lines than anybody reads become a list and this text', async () => {
  const layout = await layoutOf(...lines(61), '/a b', '/tmp/', '/etc/hosts', '/dev/shm/x');
  const text = 'FROM debian:bookworm\nUSER nobody\n';
  const rendered = renderWhole(layout, { staging: POSSIBLE, text, env: { A: 'b' } });
  expect(rendered.text.replace(/(list|above|stage)=\w+/g, '$1=HASH')).toMatchInlineSnapshot(`
    "FROM debian:bookworm AS build
    USER nobody

    # kraft-slim: v=1 before=build minimal=none list=HASH above=HASH stage=HASH
    FROM build AS rootfs
    USER 0
    ENV PATH=/usr/bin:/bin TAR_OPTIONS=""
    SHELL ["/bin/sh", "-ec"]
    COPY rootfs.list /.rootfs/list
    WORKDIR /.rootfs/root
    RUN umask 022; \\
        while IFS= read -r path; do \\
            case "$path" in /*) printf '%s\\n' "$path" ;; esac; \\
            case "$path" in /*/) mkdir -p ".$path" ;; esac; \\
        done <../list >../paths; \\
        tar --create --file=../tar --format=posix --numeric-owner \\
            --dereference --hard-dereference --no-recursion \\
            --verbatim-files-from --no-unquote --files-from=../paths; \\
        tar --extract --file=../tar --numeric-owner --same-owner \\
            --preserve-permissions --no-overwrite-dir; \\
        rm ../tar

    FROM scratch
    ENV A=b

    # What the list names
    COPY --from=rootfs /.rootfs/root/ /

    # Executable
    COPY --from=build /dev/shm/x /dev/shm/x
    COPY --from=build /etc/hosts /etc/hosts
    "
  `);
  const listed = ['# Executable', '/a b', ...lines(61), '', '# Directories', '/tmp/', ''];
  expect(rendered.list).toBe(listed.join('\n'));
});

test('the marker vouches for the list', async () => {
  const { text, list } = renderWhole(await layoutOf(...lines(61)), { staging: POSSIBLE });
  expect(readMarker(text, list)).toMatchObject({ intact: true, aboveUnchanged: true });
  expect(readMarker(text, `${list}/x\n`)).toMatchObject({ intact: false, aboveUnchanged: true });
});

test('the same layout gives the same bytes, whatever the order of its names', async () => {
  const names = lines(70);
  const of = async (some: string[]) => renderWhole(await layoutOf(...some), { staging: POSSIBLE });
  expect(await of([...names].reverse())).toEqual(await of(names));
});

describe('a list is used', () => {
  const listed = async (names: string[]) =>
    renderWhole(await layoutOf(...names), { staging: POSSIBLE }).list !== null;

  test.each([
    [60, false],
    [61, true],
  ])('of %i lines: %s', async (count, expected) => {
    expect(await listed(lines(count))).toBe(expected);
  });

  test.each([
    [400, false],
    [401, true],
  ])('of %i files: %s', async (count, expected) => {
    expect(await listed(Array.from({ length: count }, (_, at) => `/d/${at}`))).toBe(expected);
  });

  test('not where a name has a line break', async () => {
    expect(await listed([...lines(61), '/a\nb'])).toBe(false);
  });
});

describe('where no stage can be assembled', () => {
  const staging: Staging = { kind: 'impossible', why: 'the image has no tar' };

  test('the result comes in COPY lines up to what engines build', async () => {
    const { text, list } = renderWhole(await layoutOf(...lines(124)), { staging });
    expect(list).toBeNull();
    expect(finalLines(text).filter((line) => line.startsWith('COPY'))).toHaveLength(124);
  });

  test('more are refused, and it is said why', async () => {
    const layout = await layoutOf(...lines(125));
    expect(() => renderWhole(layout, { staging })).toThrow(
      expect.objectContaining({
        code: 'build-failed',
        hint: expect.stringContaining('from a list: the image has no tar;'),
      }),
    );
  });
});

test.each([
  ['FROM debian AS rootfs\n', 'FROM rootfs AS rootfs2'],
  ['FROM gcc AS build\nFROM debian\n', 'FROM rootfs AS rootfs2'],
  ['FROM gcc AS rootfs\nFROM debian\n', 'FROM build AS rootfs2'],
])('below %j the stage is %s, a name that is free', async (text, from) => {
  const { text: whole } = renderWhole(await layoutOf(...lines(61)), { staging: POSSIBLE, text });
  expect(whole.split('\n')).toContain(from);
  expect(dockerfileOf(whole).stages.at(-2)?.from.kind).toBe('stage');
});

test('an odd list name is escaped, and lines are continued as the Dockerfile says', async () => {
  const staging: Staging = { ...POSSIBLE, kind: 'possible', list: 'my app.rootfs.list' };
  const text = '# escape=`\nFROM debian\n';
  const { text: whole } = renderWhole(await layoutOf(...lines(61)), { staging, text });
  expect(whole).toContain('COPY ["my app.rootfs.list", "/.rootfs/list"]\n');
  expect(whole.replace("'%s\\n'", '')).not.toContain('\\');
});
