/** A program and the version that a name says it has. */
export type NamedVersion = { readonly name: string; readonly version: string };

/** How directories call what images are called otherwise. */
const IMAGE_NAMES: Readonly<Record<string, string>> = { nodejs: 'node', go: 'golang', 'g++': 'gcc' };

/** The versions in the name of an example: `examples/flask3.0-python3.12-sqlite3` has three. */
export function versionsInName(entry: string): NamedVersion[] {
  const [, name = ''] = entry.split('/');
  return name.split('-').flatMap((part) => {
    const [, program, version] = /^([a-z][a-z+_]*)(\d+(?:\.\d+)*)$/.exec(part) ?? [];
    if (program === undefined || version === undefined) return [];
    return [{ name: IMAGE_NAMES[program] ?? program, version }];
  });
}

/** Whether two versions cannot be the same: `3.10` and `3.12.1`, while `3.12` may be any `3.12.1`. */
export function contradicts(first: string, other: string): boolean {
  const [a, b] = [first.split('.'), other.split('.')];
  return a.some((part, at) => b[at] !== undefined && Number(part) !== Number(b[at]));
}

const DEBIAN_RELEASES: Readonly<Record<string, string>> = {
  buster: '10',
  bullseye: '11',
  bookworm: '12',
  trixie: '13',
};

/** The version in an image's tag: `python:3.12.1-bookworm`, `debian:bookworm`; undefined where it has none. */
export function versionOfImage(image: string): NamedVersion | undefined {
  const [, name, tag = ''] = /(?:^|\/)([\w.+-]+):([\w.-]+)(?:@.*)?$/.exec(image) ?? [];
  const release = name === 'debian' ? DEBIAN_RELEASES[tag.replace(/-slim$/, '')] : undefined;
  const version = release ?? /^v?(\d+(?:\.\d+)*)/.exec(tag)?.[1];
  return name === undefined || version === undefined ? undefined : { name, version };
}
