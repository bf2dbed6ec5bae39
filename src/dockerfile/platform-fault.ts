import { ExpansionError, expandWord } from './expand-word.ts';
import type { Dockerfile } from './model.ts';

/**
 * What is wrong with the platform of a FROM; null where it is valid. Source: containerd/platforms, Parse, as far as
 * form goes.
 */
export function platformFault(
  written: string | null,
  { globals, escapeToken }: Pick<Dockerfile, 'globals' | 'escapeToken'>,
): string | null {
  if (written === null || written === '') return null;
  try {
    const value = expandWord(written, { valueOf: (name) => globals.get(name), escapeToken });
    if (value === '') return `--platform=${written} is empty: no ARG above the first FROM gives it a value`;
    const parts = value.split('/');
    const isForm = parts.length <= 3 && parts.every((part) => /^[\w.()+-]+$/.test(part));
    return isForm ? null : `--platform=${value} is no platform such as linux/amd64`;
  } catch (error) {
    if (error instanceof ExpansionError) return `cannot expand ${written}: ${error.message}`;
    throw error;
  }
}
