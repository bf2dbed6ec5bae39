import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expandStage } from '../../src/dockerfile/expand-stage.ts';
import { type Dockerfile, finalStage } from '../../src/dockerfile/model.ts';
import type { Layout, LayoutEntry } from '../../src/plan/layout.ts';
import { layoutOfStage } from '../../src/plan/layout-of-stage.ts';
import { NONE_REMOVED } from '../../src/plan/pruned-directories.ts';
import { renderDockerfile } from '../../src/render/render-dockerfile.ts';
import { UserError } from '../../src/shared/failure.ts';
import { ancestorsOf, comparePaths, type ImagePath, imagePath } from '../../src/shared/image-path.ts';
import { dockerfileOf } from '../support/dockerfile.ts';
import { anyHostile, anyHostileName } from '../support/hostile.ts';
import { rootfsOf } from '../support/rootfs.ts';

type Wanted = {
  readonly files: readonly ImagePath[];
  readonly directories: readonly ImagePath[];
  readonly env: Readonly<Record<string, string>>;
  readonly isBacktick: boolean;
};

const anyPath = fc
  .array(anyHostileName, { minLength: 1, maxLength: 3 })
  .map((names) => imagePath(`/${names.join('/')}`));

/** Paths of which none lies below another, unless all of them are directories. */
const anyWanted: fc.Arbitrary<Wanted> = fc
  .record({
    paths: fc.uniqueArray(anyPath, { minLength: 1, maxLength: 6 }),
    env: fc.dictionary(fc.oneof(fc.constantFrom('PATH', 'X_1'), anyHostile), anyHostile, { maxKeys: 2 }),
    isBacktick: fc.boolean(),
    count: fc.nat(6),
  })
  .map(({ paths, count, ...rest }) => {
    const above = new Set(paths.flatMap(ancestorsOf));
    const leaves = paths.filter((path) => !above.has(path));
    return { ...rest, files: leaves.slice(0, count), directories: leaves.slice(count) };
  });

function layoutOf({ files, directories }: Wanted): Layout {
  const common = { mode: 0o755, uid: 0, gid: 0, reasons: [] } as const;
  const all = [...files, ...directories].flatMap(ancestorsOf);
  const entries: LayoutEntry[] = [
    ...files.map((path) => ({ ...common, type: 'file', path, source: path, sha256: '', size: 1 }) as const),
    ...directories.map((path) => ({ ...common, type: 'directory', path, isEmpty: true }) as const),
    ...[...new Set(all)].map((path) => ({ ...common, type: 'directory', path, isEmpty: false }) as const),
  ];
  return { entries: entries.sort((a, b) => comparePaths(a.path, b.path)), left: [] };
}

function renderWanted(wanted: Wanted): Dockerfile | null {
  const head = wanted.isBacktick ? '# escape=`\n' : '';
  const dockerfile = dockerfileOf(`${head}FROM debian\n`);
  const request = {
    dockerfile,
    full: finalStage(dockerfile),
    layout: layoutOf(wanted),
    removed: NONE_REMOVED,
    env: wanted.env,
    minimal: 'none',
    promise: null,
    staging: { kind: 'impossible', why: 'this is a test' },
  } as const;
  try {
    return dockerfileOf(renderDockerfile(request).text);
  } catch (error) {
    if (error instanceof UserError && error.code === 'refused') return null;
    throw error;
  }
}

/** What a Dockerfile cannot say at all. */
function mayBeRefused({ files, directories, env }: Wanted): boolean {
  const isOdd = (text: string) => /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(text);
  return (
    files.some((path) => /\p{Cs}/u.test(path)) ||
    directories.some(isOdd) ||
    Object.entries(env).some(([name, value]) => !/^[\w.-]+$/.test(name) || isOdd(value))
  );
}

describe('whatever names an image has,', () => {
  test('its Dockerfile, read again, says exactly what is meant, or it is refused', async () => {
    const seen = { rendered: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(anyWanted, async (wanted) => {
        const dockerfile = renderWanted(wanted);
        if (dockerfile === null) {
          seen.refused += 1;
          expect(mayBeRefused(wanted)).toBe(true);
          return;
        }
        seen.rendered += 1;
        const stage = finalStage(dockerfile);
        expect(dockerfile.stages).toHaveLength(2);
        const keywords = new Set(stage.instructions.map(({ keyword }) => keyword));
        for (const keyword of keywords) expect(['COPY', 'ENV', 'WORKDIR']).toContain(keyword);
        const { environment, workdir } = expandStage(dockerfile, stage);
        expect(Object.fromEntries(environment)).toEqual(wanted.env);
        expect(workdir).toBe('/');
        const table = [
          ...wanted.files.map((path) => [path, path]),
          ...wanted.directories.map((path) => [path, 'directory']),
        ];
        await using full = await rootfsOf(Object.fromEntries(table));
        const layout = layoutOfStage(dockerfile, stage, { full, list: null });
        const paths = (entries: Layout['entries'], type: string) =>
          entries
            .filter((entry) => entry.type === type && (entry.type !== 'directory' || entry.isEmpty))
            .map(({ path }) => path);
        expect(paths(layout.entries, 'file')).toEqual([...wanted.files].sort(comparePaths));
        expect(paths(layout.entries, 'directory')).toEqual([...wanted.directories].sort(comparePaths));
      }),
      { numRuns: 400 },
    );
    expect(seen.rendered).toBeGreaterThan(30);
    expect(seen.refused).toBeGreaterThan(30);
  }, 60_000);

  test.each([
    ['/d\nRUN id', 'a line break'],
    ['/d\r', 'control character'],
    ['/caf\udce9', 'not UTF-8'],
  ])('the empty directory %j is refused with the reason', (path, why) => {
    const wanted = { files: [], directories: [imagePath(path)], env: {}, isBacktick: false };
    expect(() => renderOrThrow(wanted)).toThrowError(
      expect.objectContaining({ code: 'refused', message: expect.stringContaining(why) }),
    );
  });

  test('a variable with a line break is refused, one with blanks and quotes is not', () => {
    const wanted = { files: [], directories: [], isBacktick: false };
    expect(() => renderOrThrow({ ...wanted, env: { X: 'a\nRUN id' } })).toThrow(
      'cannot write the variable X',
    );
    expect(renderOrThrow({ ...wanted, env: { X: ' a "b" $c ' } })).toContain('ENV X=" a \\"b\\" \\$c "\n');
  });

  test('a directory that ends in a blank is one word', () => {
    const wanted = { files: [], directories: [imagePath('/a ')], env: {}, isBacktick: false };
    expect(renderOrThrow(wanted)).toContain('WORKDIR "/a "\n');
  });
});

function renderOrThrow(wanted: Wanted): string {
  const dockerfile = dockerfileOf('FROM debian\n');
  const { files: _, directories: __, isBacktick: ___, ...rest } = wanted;
  return renderDockerfile({
    ...rest,
    dockerfile,
    full: finalStage(dockerfile),
    layout: layoutOf(wanted),
    removed: NONE_REMOVED,
    minimal: 'none',
    promise: null,
    staging: { kind: 'impossible', why: 'this is a test' },
  }).text;
}
