import { describe, expect, test } from 'vitest';
import { finalStage, isCopy } from '../../src/dockerfile/model.ts';
import { parseDockerfile } from '../../src/dockerfile/parse-dockerfile.ts';
import type { FileTree } from '../../src/shared/file-tree.ts';
import { donorKey } from '../../src/slim/baseline/donors.ts';
import { deadSources, driftedDockerfile } from '../../src/slim/baseline/drift.ts';
import { memoryTree } from '../support/memory-tree.ts';

const DONOR = memoryTree({
  '/bin/app': 'app',
  '/lib': 'symlink usr/lib',
  '/usr/lib/libc.so.6': 'libc',
  '/usr/lib/libx.so.2': 'libx',
  '/usr/lib/dangling.so': 'symlink nowhere',
  '/etc/app/main.conf': '',
});

/** The final stage's dead sources, as they are written, and the Dockerfile of the drifted baseline. */
function driftOf(text: string, trees: Readonly<Record<string, FileTree>> = { 'stage 0': DONOR }) {
  const dockerfile = parseDockerfile(text, { file: 'Dockerfile' });
  const stage = finalStage(dockerfile);
  const dead = deadSources(dockerfile, stage, ({ from }) =>
    from === null ? undefined : trees[donorKey(from)],
  );
  const copy = stage.instructions.find((one) => isCopy(one) && one.from !== null);
  if (copy === undefined || !isCopy(copy) || copy.from === null) throw new Error('no COPY --from');
  return {
    words: dead.map(({ instruction, source }) => instruction.sources[source]?.text),
    text: driftedDockerfile(dockerfile, stage, { donor: { from: copy.from }, dead }),
  };
}

const stageOf = (...lines: string[]) => `${['FROM debian AS build', 'FROM scratch', ...lines].join('\n')}\n`;
const overDonor = (...lines: string[]) =>
  `${['FROM debian AS build', 'FROM build', 'WORKDIR /', ...lines].join('\n')}\n`;

describe('a source is gone', () => {
  test.each([
    ['where no file is', '/usr/lib/libx.so.1', true],
    ['where a link leads nowhere', '/usr/lib/dangling.so', true],
    ['where a glob matches nothing', '/usr/lib/libx.so.1*', true],
    ['not where a glob matches something', '/usr/lib/libx.so.*', false],
    ['not where it is reached through a link', '/lib/libx.so.2', false],
    ['not where it is a directory', '/etc/app', false],
    ['not where it is written without its first slash', 'bin/app', false],
  ])('%s: %s', (_, source, isDead) => {
    expect(driftOf(stageOf(`COPY --from=build ${source} /x/`)).words).toEqual(isDead ? [source] : []);
  });

  test('not in a donor that the engine does not have, nor in the build context', () => {
    const text = stageOf(
      'COPY --from=build /gone /gone',
      'COPY ./gone /gone',
      'COPY --from=other /gone /gone',
    );
    expect(driftOf(text).words).toEqual(['/gone']);
    expect(driftOf(text, {}).words).toEqual([]);
  });

  test('after its variables have their values', () => {
    const lines = ['ARG VERSION=2', 'COPY --from=build /usr/lib/libx.so.$VERSION /usr/lib/'];
    expect(driftOf(stageOf(...lines)).words).toEqual([]);
    expect(driftOf(stageOf(...lines).replace('VERSION=2', 'VERSION=1')).words).toEqual([
      '/usr/lib/libx.so.$VERSION',
    ]);
  });
});

describe('the Dockerfile of the drifted baseline has the stage over its donor, and', () => {
  test('no line whose sources are all gone', () => {
    const lines = ['COPY --from=build /bin/app /bin/app', 'COPY --from=build /usr/lib/libx.so.1 /usr/lib/'];
    expect(driftOf(stageOf(...lines)).text).toBe(overDonor(lines[0] as string, ''));
  });

  test('of a line with several sources those that are left, with its flags and its destination', () => {
    const [line, left] = [
      'COPY --from=build --chown=1:2 /usr/lib/libc.so.6 /usr/lib/libx.so.1 /usr/lib/libx.so.2 /usr/lib/',
      'COPY --from=build --chown=1:2 /usr/lib/libc.so.6 /usr/lib/libx.so.2 /usr/lib/',
    ];
    expect(driftOf(stageOf(line)).text).toBe(overDonor(left));
  });

  test('the same where the sources stand on separate lines', () => {
    const line = 'COPY --from=build \\\n    /usr/lib/libx.so.1 \\\n    /usr/lib/libx.so.2 \\\n    /usr/lib/';
    expect(driftOf(stageOf(line)).text).toBe(overDonor('COPY --from=build /usr/lib/libx.so.2 /usr/lib/'));
  });

  test('what is alive as it was, where nothing is gone', () => {
    const line = 'COPY  --from=build   /bin/app  /bin/app';
    expect(driftOf(stageOf(line)).text).toBe(overDonor(line));
  });

  test('a name for a donor that had none', () => {
    const text = 'FROM debian\nRUN true\nFROM scratch\nCOPY --from=0 /bin/app /bin/app\n';
    expect(driftOf(text).text).toBe(
      'FROM debian AS build\nRUN true\nFROM build\nWORKDIR /\nCOPY --from=0 /bin/app /bin/app\n',
    );
  });

  test('a name that no other stage has', () => {
    const text = 'FROM debian\nFROM debian AS build\nFROM scratch\nCOPY --from=0 /bin/app /bin/app\n';
    const [first, second, over] = driftOf(text).text.split('\n');
    const name = /^FROM debian AS (\S+)$/.exec(first ?? '')?.[1];
    expect(name).not.toBe('build');
    expect([second, over]).toEqual(['FROM debian AS build', `FROM ${name}`]);
  });

  test('an image by its own name', () => {
    const text = 'FROM scratch AS app\nCOPY --from=nginx:1.22 /bin/app /gone /bin/\n';
    const drifted = driftOf(text, { 'image nginx:1.22': DONOR });
    expect(drifted.words).toEqual(['/gone']);
    expect(drifted.text).toBe('FROM nginx:1.22 AS app\nWORKDIR /\nCOPY --from=nginx:1.22 /bin/app /bin/\n');
  });
});
