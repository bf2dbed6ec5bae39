import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EscapeToken } from '../../src/dockerfile/model.ts';
import { connectEngine } from '../../src/engine/connect.ts';
import type { Engine, ImageId } from '../../src/engine/engine.ts';
import { buildImage } from '../../src/image/build.ts';
import { copyWords, envWord, workdirWord } from '../../src/render/copy-words.ts';
import { decodeName } from '../../src/shared/file-name.ts';
import { docker } from '../support/docker.ts';
import { imageRootfs } from '../support/image-rootfs.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const FILES = ['a\nRUN id', 'a`b', 'a\\b', '$a', '<<EOF', 'é\u202e', 'x '];
const DIRECTORIES = ['blank ', 'quo"te\' ', '$x', 'back\\', 'tick`', '\u00a0wide\u3000', '#c', '<<EOF'];
const ENV = { BLANK: ' a ', QUOTES: `"b" 'c'`, DOLLAR: '$HOME ${x}', BACK: 'd\\', TICK: 'e`', TAB: 'f\tg' };
/** `café` in Latin-1. */
const LATIN = decodeName(Buffer.from('caf\xe9', 'latin1'));

let engine: Engine;
beforeAll(async () => {
  engine = await connectEngine();
});

describe.each<EscapeToken>(['\\', '`'])('with the escape character %s, an engine makes', (token) => {
  let image: ImageId;
  beforeAll(async () => {
    await using directory = await temporaryDirectory();
    const script = `mkdir /s; cd /s; for n; do printf %s "$n" >"./$n"; done; printf x >$'/s/caf\\xe9'`;
    const lines = [
      ...(token === '`' ? ['# escape=`'] : []),
      'FROM debian:bookworm AS build',
      `RUN ${JSON.stringify(['bash', '-ec', script, '-', ...FILES])}`,
      'FROM scratch',
      ...Object.entries(ENV).map(([name, value]) => `ENV ${envWord(name, value, token)}`),
      ...FILES.map(
        (name) => `COPY --from=build ${copyWords([`/s/${name}`], `/out/${name}`, token).join(' ')}`,
      ),
      'COPY --from=build /s/ /all/',
      ...DIRECTORIES.map((name) => `WORKDIR ${workdirWord(`/made/${name}`, token)}`),
      'WORKDIR /',
    ];
    image = await buildImage(engine, {
      directory: directory.path,
      dockerfile: 'Dockerfile',
      text: `${lines.join('\n')}\n`,
      settings: { args: {}, secrets: [] },
      onWarning: () => undefined,
    });
  }, 240_000);
  afterAll(() => docker(['image', 'rm', '--force', image]));

  test('exactly the files, directories and variables that were meant', async () => {
    await using rootfs = await imageRootfs(engine, image);
    const below = (directory: string) =>
      [...rootfs.entries()]
        .filter(([path]) => path.startsWith(`${directory}/`))
        .map(([path]) => path.slice(directory.length + 1))
        .sort();
    expect(below('/out')).toEqual([...FILES].sort());
    expect(below('/made')).toEqual([...DIRECTORIES].sort());
    // the engine gives a name that is no UTF-8 as its bytes
    expect(below('/all')).toEqual([...FILES, LATIN].sort());
    const env = (await engine.inspectImage(image))?.env ?? [];
    for (const [name, value] of Object.entries(ENV)) expect(env).toContain(`${name}=${value}`);
  });
});
