import { readMarker } from '../../src/dockerfile/marker.ts';
import type { Played } from './story.ts';

/** Keys of the result that are no words for people and no seconds. */
const KEYS = [
  'entry',
  'class',
  'status',
  'code',
  'promise',
  'launches',
  'before',
  'after',
  'runtime',
  'search',
  'workload',
  'verified',
  'repaired',
  'secondLook',
  'memory',
  'written',
  'removed',
] as const;

/** Files that an act can write, in the order of the ledger. */
const FILES = ['Kraftfile', 'README.md', 'rootfs.list', '.dockerignore'] as const;

/**
 * What an act comes to, as a text to compare with the recorded text: figures, decisions and what is written. Messages
 * are left out, since their words are free to change.
 */
export function ledgerOf({ report: { result, changes, visited }, read, has }: Played): string {
  const { stages, warnings } = result;
  const lines = [
    ...KEYS.map((key) => `${key} ${JSON.stringify(result[key])}`),
    ...stages.map(({ name, files, bytes, passed }) => `stage ${name} ${files} ${bytes} ${passed}`),
    `warnings ${warnings.map(({ code }) => code).join(' ')}`,
    `changes ${changes.map(({ name }) => name).join(' ')}`,
    ...(visited === undefined ? [] : [`visited ${JSON.stringify(visited)}`]),
  ];
  for (const name of FILES) if (has(name)) lines.push(`--- ${name}`, read(name));
  if (has('Dockerfile')) {
    const text = read('Dockerfile');
    lines.push(
      '--- Dockerfile',
      readMarker(text, has('rootfs.list') ? read('rootfs.list') : null)?.stage ?? text,
    );
  }
  return lines.join('\n');
}
