import { referenceOf } from '../../catalog/entry-files.ts';
import type { Rule } from '../rule.ts';

export const readmeImage: Rule = {
  code: 'readme-image',
  severity: 'error',
  about: 'A `kraft run` line of a library entry that runs the image of another entry.',
  of: 'readme',
  *check({ entry: { image }, source: { file, text }, runs }) {
    if (image === null) return;
    for (const { words, range } of runs) {
      const found = words.map((word) => PUBLISHED.exec(word)).find((match) => match !== null);
      const [reference, name, version = 'latest'] = found ?? [];
      if (reference === undefined || (name === image.name && version === (image.version ?? 'latest')))
        continue;
      const published = `unikraft.org/${referenceOf(image)}`;
      const start = text.indexOf(reference, range.start);
      const isHere = start >= range.start && start + reference.length <= range.end;
      const edits =
        isHere && name === image.name
          ? [{ file, range: { start, end: start + reference.length }, replacement: published }]
          : [];
      yield {
        file,
        range: isHere ? { start, end: range.end } : range,
        message: `kraft runs ${reference}, the entry is ${published}`,
        edits,
      };
    }
  },
};

const PUBLISHED = /unikraft\.org\/([\w.+-]+)(?::([\w.-]+))?$/;
