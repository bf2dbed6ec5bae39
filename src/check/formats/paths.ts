import { join, relative, sep } from 'node:path';
import type { ShownReport } from './format.ts';

/** A file of the catalog as it is found from the base, with slashes. */
export function pathOf(file: string, { root, base }: Pick<ShownReport, 'root' | 'base'>): string {
  return relative(base, join(root, file)).split(sep).join('/');
}

/** The same as a relative reference of RFC 3986. */
export function uriOf(file: string, shown: Pick<ShownReport, 'root' | 'base'>): string {
  return pathOf(file, shown).split('/').map(encodeURIComponent).join('/');
}
