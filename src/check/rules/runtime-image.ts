import type { Rule } from '../rule.ts';

const PREFIX = /^(?:oci:\/\/)?(?:index\.)?unikraft\.(?:io\/unikraft\.)?org\//;

export const runtimeImage: Rule = {
  code: 'runtime-image',
  severity: 'warning',
  about:
    'A `runtime` under the name of its image, `unikraft.org/base`: kraft looks runtimes up by their short names.',
  of: 'kraftfile',
  *check({ source: { file, text }, kraftfile }) {
    if (kraftfile?.runtime == null) return;
    const { reference, range } = kraftfile.runtime;
    const short = reference.replace(PREFIX, '');
    if (short === reference) return;
    const start = range.start + text.slice(range.start, range.end).indexOf(reference);
    const edits = start < range.start ? [] : [cut(file, start, reference.length - short.length)];
    yield { file, range, message: `the runtime ${reference} is an image: write ${short}`, edits };
  },
};

function cut(file: string, start: number, length: number) {
  return { file, range: { start, end: start + length }, replacement: '' };
}
