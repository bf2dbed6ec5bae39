import { describe, expect, test } from 'vitest';
import { readMarker } from '../../src/dockerfile/marker.ts';
import { parseDockerfile } from '../../src/dockerfile/parse-dockerfile.ts';
import { unfoldPruned } from '../../src/render/pruned-stages.ts';
import { needsOf, rewrite, sourcesOf, traceStage } from '../support/rewriting.ts';

const NAMES = Array.from({ length: 30 }, (_, at) => `/opt/app/lib/part${at}/code`);
const WASTE = ['/opt/app/lib/tests/a', '/opt/app/lib/tests/b', '/opt/app/manual'];
const STAGE = 'FROM scratch\n\n# The app\nCOPY --from=build /opt/app /opt/app\n';
const ABOVE = 'FROM debian AS build\n\n';

type Tables = Readonly<Record<string, string>>;

/** The Dockerfile that keeps some paths of a stage that copies /opt/app, where a stage can remove files, or cannot. */
async function rewritten(build: Tables, kept: readonly string[], canPrune = true) {
  await using opened = await sourcesOf({ build });
  await using traced = await traceStage(`${ABOVE}${STAGE}`, opened.sources);
  const { rendered, layout } = rewrite(traced, needsOf(kept), { ...opened, canPrune });
  return { text: rendered?.text ?? '', layout };
}

const files = (paths: readonly string[]) => Object.fromEntries(paths.map((path) => [path, path]));
const below = (text: string) => text.slice(text.indexOf('\n', text.indexOf('# kraft-slim')) + 1);

describe('a directory of which a few paths go', () => {
  test('stays one line, and a stage removes those paths', async () => {
    const { text } = await rewritten(files([...NAMES, ...WASTE]), NAMES);
    expect(below(text).split('\n')).toEqual([
      'FROM build AS pruned',
      '',
      '# Not needed at run time',
      'RUN rm -rf \\',
      '    /opt/app/lib/tests \\',
      '    /opt/app/manual',
      '',
      'FROM scratch',
      '',
      '# The app',
      'COPY --from=pruned /opt/app /opt/app',
      '',
    ]);
    expect(readMarker(text)).toMatchObject({ intact: true, aboveUnchanged: true });
  });

  test('is laid out without those paths', async () => {
    const { layout } = await rewritten(files([...NAMES, ...WASTE]), NAMES);
    const paths = layout.entries.filter(({ type }) => type === 'file').map(({ path }) => path);
    expect(paths.sort()).toEqual([...NAMES].sort());
  });

  test('is named in pieces where nothing can remove files', async () => {
    const { text } = await rewritten(files([...NAMES, ...WASTE]), NAMES, false);
    expect(text).not.toContain('pruned');
    expect(text).toContain('/opt/app/lib/part7/code');
  });

  test('is named in pieces where more paths go than can be read', async () => {
    const waste = NAMES.map((name) => name.replace('code', 'waste'));
    const { text } = await rewritten(files([...NAMES, ...waste]), NAMES);
    expect(text).not.toContain('rm -rf');
  });

  test('is named in pieces where few names are kept', async () => {
    const [first = '', second = ''] = NAMES;
    const { text } = await rewritten(files([first, second, ...WASTE]), [first, second]);
    expect(text).not.toContain('rm -rf');
  });

  test('read again, the stage is as it was before', async () => {
    const { text } = await rewritten(files([...NAMES, ...WASTE]), NAMES);
    const unfolded = unfoldPruned(parseDockerfile(`${ABOVE}${below(text)}`, { file: 'Dockerfile' }));
    expect(unfolded.text).toBe(`${ABOVE}${STAGE}`);
  });

  test('a stage of that name by the author stays', () => {
    const text = `${ABOVE}FROM build AS pruned\nRUN rm -rf /var\n\n${STAGE.replace('build', 'pruned')}`;
    expect(unfoldPruned(parseDockerfile(text, { file: 'Dockerfile' })).text).toBe(text);
  });
});

describe('a directory of which nothing goes but links and empty directories', () => {
  test('stays as its author copies it', async () => {
    const build = {
      ...files(NAMES),
      '/opt/app/log': 'directory',
      '/opt/app/old': 'symlink lib/part1',
      '/opt/app/gone': 'symlink nowhere',
    };
    const { text, layout } = await rewritten(build, NAMES, false);
    expect(below(text)).toBe(STAGE);
    expect(layout.entries.find(({ path }) => path === '/opt/app/log')).toMatchObject({ type: 'directory' });
    expect(layout.entries.find(({ path }) => path === '/opt/app/old')).toMatchObject({
      type: 'symlink',
      target: 'lib/part1',
    });
  });

  test('a link goes with what it leads to', async () => {
    const build = { ...files([...NAMES, '/opt/app/lib/manual']), '/opt/app/lib/old': 'symlink manual' };
    const { text } = await rewritten(build, NAMES);
    expect(below(text)).toContain('RUN rm -rf \\\n    /opt/app/lib/manual \\\n    /opt/app/lib/old\n');
  });

  test('a link that leads out of it to what goes costs nothing, and stays', async () => {
    const build = { ...files([...NAMES, '/opt/app/lib/manual']), '/opt/app/lib/old': 'symlink /usr/share' };
    const { text, layout } = await rewritten(build, NAMES);
    expect(below(text)).toContain('RUN rm -rf \\\n    /opt/app/lib/manual\n');
    expect(layout.entries.find(({ path }) => path === '/opt/app/lib/old')).toMatchObject({ type: 'symlink' });
  });

  test('a directory that the app needs to be there stays as it is copied, with nothing in it', async () => {
    const build = {
      '/opt/app': 'directory',
      '/opt/app/spool': 'directory',
      '/opt/app/gone': 'symlink nowhere',
    };
    const { text } = await rewritten(build, ['/opt/app/spool']);
    expect(below(text)).toBe(STAGE);
  });
});
