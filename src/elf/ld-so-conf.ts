import { type FileTree, readText } from '../shared/file-tree.ts';
import { withoutTrailing } from '../shared/trim-end.ts';
import { globPaths } from './glob.ts';

/** A directory that ldconfig would put into ld.so.cache, and where it is named. `line` counts from 1. */
export type ConfDirectory = { readonly path: string; readonly file: string; readonly line: number };

/**
 * The directories of an ld.so.conf and of what it includes, in order, as elf/ldconfig.c `parse_conf` and `add_dir_1`
 * read it: `#` ends a line, `include` takes glob patterns (relative ones from the including file's directory),
 * `hwcap` lines say nothing, `=TYPE` after a directory is cut off. A file is read once, however often it is included:
 * the second time adds nothing. The loader itself never reads this file.
 */
export function readLdSoConf(tree: FileTree, file = '/etc/ld.so.conf'): ConfDirectory[] {
  return readConf(tree, file, new Set());
}

function readConf(tree: FileTree, file: string, seen: Set<string>): ConfDirectory[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const text = readText(tree, file);
  if (text === undefined) return [];
  return text.split('\n').flatMap((raw, index) => {
    const line = (raw.split('#')[0] ?? '').trimStart();
    const include = /^include[ \t](.*)$/.exec(line);
    if (include !== null) {
      const patterns = (include[1] ?? '').split(/[ \t]+/).filter((pattern) => pattern !== '');
      return patterns.flatMap((pattern) =>
        globPaths(tree, fromFile(file, pattern)).flatMap((path) => readConf(tree, path, seen)),
      );
    }
    if (/^hwcap[ \t]/i.test(line)) return [];
    const path = withoutTrailing((line.split('=', 1)[0] ?? '').trimEnd(), '/');
    return path === '' ? [] : [{ path, file, line: index + 1 }];
  });
}

function fromFile(file: string, pattern: string): string {
  return pattern.startsWith('/') ? pattern : `${file.slice(0, file.lastIndexOf('/'))}/${pattern}`;
}
