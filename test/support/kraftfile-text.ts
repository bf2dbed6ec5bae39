import { expect } from 'vitest';
import { readKraftfile } from '../../src/kraftfile/read-kraftfile.ts';
import { UserError } from '../../src/shared/failure.ts';
import { parseYaml } from '../../src/shared/yaml-source.ts';

export const read = (text: string, variables = {}) =>
  readKraftfile({ file: 'Kraftfile', text }, { variables });
export const v06 = (text: string) => read(`spec: v0.6\n${text}`);
export const v07 = (text: string) => read(`spec: v0.7\n${text}`);

/** The place and message of every mistake that reading finds; none where it reads. */
export function mistakesOf(text: string): string[] {
  try {
    read(text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.code).toBe('kraftfile-invalid');
    return (error.detail ?? '').split('\n').filter((line) => line.startsWith('Kraftfile:'));
  }
  return [];
}

/** What a Kraftfile says beside its cmd, as plain data: without places, its own text and warnings. */
export function withoutRanges(value: unknown): object {
  const plain = JSON.stringify(value, (key, inner) => {
    if (['range', 'text', 'warnings', 'cmd'].includes(key)) return undefined;
    return inner instanceof Map ? [...inner] : inner;
  });
  return JSON.parse(plain);
}

/** Comments without order: one may have moved above its key, or behind another. */
export function commentsOf(text: string): string[] {
  const { comments } = parseYaml({ file: 'Kraftfile', text }, { version: '1.1' });
  const texts = comments.map(({ start, end }) => text.slice(start, end).trim());
  return texts.flatMap((comment) => comment.split(/\s+(?=#)/)).sort();
}
