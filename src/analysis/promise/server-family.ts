import type { ImagePath } from '../../shared/image-path.ts';
import { hasKnownLibrary } from './interpreters.ts';
import type { PromiseContext } from './rule.ts';

/** Packages for people who build or read, by the suffixes of Debian Policy 4 and 8 and of Alpine's subpackages. */
export const FOR_DEVELOPERS = /-(?:dev|doc|docs|dbg|dbgsym|examples|openrc|static)$/;

/**
 * The packages that make up the programs of an entry: the owner of each program, the packages of the same source that
 * are bound to it by dependencies (`apache2`, `apache2-bin`, `apache2-data`), and packages that the Dockerfile installs
 * by name and that depend on one of these (`libapache2-mod-wsgi-py3`, `postgresql-15-postgis-3`).
 *
 * Left out: interpreters whose packages have other rules, and what every system has, since a start script
 * that calls `sed` makes no entry of it.
 */
export function serverFamily(context: PromiseContext): ReadonlySet<string> {
  const { packages, programs, installed } = context;
  const owners = programs
    .filter((program) => !hasKnownLibrary(program) && !isLoader(program))
    .flatMap((program) => packages.ownerOf(program) ?? [])
    .filter((name) => !packages.isBasic(name));
  const family = new Set(owners.flatMap((name) => [...sameSource(name, packages)]));
  const plugins = installed.filter((name) => packages.dependsOf(name).some((other) => family.has(other)));
  return new Set([...family, ...plugins].filter((name) => !FOR_DEVELOPERS.test(name)));
}

/** The dynamic linker counts as a program where a script runs another program through it. */
function isLoader(program: ImagePath): boolean {
  return /\/ld-[\w.-]+\.so[\d.]*$/.test(program);
}

/** A package and those of its source that dependencies connect with it, in either direction. */
function sameSource(first: string, packages: PromiseContext['packages']): Set<string> {
  const source = packages.sourceOf(first);
  const siblings = packages.names.filter((name) => packages.sourceOf(name) === source);
  const depends = new Map(siblings.map((name) => [name, new Set(packages.dependsOf(name))]));
  const found = new Set([first]);
  for (const name of found) {
    for (const other of siblings) {
      const isBound = depends.get(name)?.has(other) || depends.get(other)?.has(name);
      // a set that grows while it is walked yields what is added
      if (isBound) found.add(other);
    }
  }
  return found;
}
