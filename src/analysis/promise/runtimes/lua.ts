import { baseName, type ImagePath, imagePath, parentOf } from '../../../shared/image-path.ts';
import { compiledTexts } from '../../rules/compiled-texts.ts';
import type { RuntimeKind } from './runtime.ts';

const PROGRAM = /^(?:lua|luajit)-?\d?[\d.]*$/;
const LIBRARY = /^liblua/;

/** luaconf.h: LUA_PATH_DEFAULT and LUA_CPATH_DEFAULT are two texts, of patterns with a question mark. */
const MARKS = ['/usr/local/', '/usr/'];

/** Lua: its standard library is compiled in; packages lie in the directories of package.path and package.cpath. */
export const lua: RuntimeKind = {
  name: 'lua',
  programs: ['lua', 'luajit'],
  libraries: [],
  find({ tree, env, programFile, kept }) {
    if (!PROGRAM.test(baseName(programFile))) return undefined;
    const objects = [programFile, ...[...kept].filter((path) => LIBRARY.test(baseName(path)))];
    const compiled = objects.flatMap((path) =>
      MARKS.flatMap((mark) =>
        [...compiledTexts(tree, path, { mark, end: '\0' })].map((text) => `${mark}${text}`),
      ),
    );
    const set = Object.entries(env).filter(([name]) => /^LUA_C?PATH/.test(name));
    const patterns = [...compiled, ...set.map(([, value]) => value)].flatMap((text) => text.split(';'));
    return { library: [], modules: [...new Set(patterns.flatMap(directoryOf))] };
  },
};

/** `/usr/share/lua/5.4/?/init.lua` gives `/usr/share/lua/5.4`. */
function directoryOf(pattern: string): ImagePath[] {
  const [before, ...after] = pattern.split('?');
  if (!before?.startsWith('/') || after.length === 0 || !before.endsWith('/')) return [];
  const directory = imagePath(before);
  return directory === parentOf(directory) ? [] : [directory];
}
