/**
 * A directory that names start from. Of its path, the first `physical` names are known to be free of symbolic links,
 * since the kernel printed them; what a program only named may run through links.
 */
export type BaseDirectory = { readonly path: string; readonly physical: number };

/** A directory as the kernel knows it: no name in it is a link. */
export function physicalDirectory(path: string): BaseDirectory {
  const names = path.split('/').filter((name) => name !== '');
  return { path: `/${names.join('/')}`, physical: names.length };
}

/** An empty name, `.` or `..` somewhere, a slash at the end; names that only begin with a dot too. */
const UNTIDY = /^\.|\/(?:[./]|$)|^$/;

/**
 * The name made absolute: no `.`, no empty name, no slash at the end. It removes `..` only behind names without
 * links. Behind all other names `..` stays, since its meaning depends on the root file system, path_resolution(7).
 */
export function absoluteText(name: string, base: BaseDirectory): BaseDirectory {
  if (!UNTIDY.test(name)) {
    if (name.startsWith('/'))
      return { path: base.path === '/' ? name : base.path + name, physical: base.physical };
    return { path: base.path === '/' ? `/${name}` : `${base.path}/${name}`, physical: base.physical };
  }
  const names = base.path === '/' ? [] : base.path.slice(1).split('/');
  let { physical } = base;
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..' || names.length > physical) names.push(part);
    else if (names.pop() !== undefined) physical--;
  }
  return { path: `/${names.join('/')}`, physical };
}
