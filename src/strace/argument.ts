import { unescapeName } from './decode-name.ts';

/** The file behind a descriptor, as `-y` prints it: `3</etc/passwd>`, `AT_FDCWD</srv>`, `4</tmp/x>(deleted)`. */
export type DescriptorPath = { readonly path: string; readonly deleted: boolean };

/** The string of an argument `"name"`; null where there is none (`NULL`, an address) or strace cut it short. */
export function stringOf(argument: string | undefined): string | null {
  if (argument === undefined || argument.length < 2 || !argument.startsWith('"') || !argument.endsWith('"')) {
    return null;
  }
  return unescapeName(argument.slice(1, -1));
}

/** The path behind a descriptor; null for sockets, pipes and what has no path. */
export function descriptorPath(argument: string | null | undefined): DescriptorPath | null {
  const open = argument?.indexOf('<') ?? -1;
  if (argument === null || argument === undefined || argument.charAt(open + 1) !== '/' || open < 0)
    return null;
  const close = argument.indexOf('>', open);
  if (close < 0) return null;
  const path = unescapeName(argument.slice(open + 1, close));
  return { path, deleted: argument.startsWith('(deleted)', close + 1) };
}

/** The strings of a list, `["sh", "-c", "exit"]`; one that strace cut short ends in `...`. */
export function stringsOf(list: string, split: (args: string) => string[]): string[] {
  if (!list.startsWith('[') || !list.endsWith(']')) return [];
  return split(list.slice(1, -1)).map((item) => {
    const cut = item.endsWith('"...');
    const text = stringOf(cut ? item.slice(0, -3) : item);
    return text === null ? item : cut ? `${text}...` : text;
  });
}
