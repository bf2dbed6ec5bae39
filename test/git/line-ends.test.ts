import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { storedContent, storingBy } from '../../src/git/line-ends.ts';
import { openRepository } from '../../src/git/repository.ts';
import { keepingOf } from '../../src/git/work-tree.ts';
import { catalogOf } from '../support/catalog.ts';
import { git } from '../support/git.ts';
import { drawSome } from '../support/samples.ts';

describe('git keeps line ends', () => {
  test.each([
    [{}, '', 'exact'],
    [{}, 'true', 'auto'],
    [{}, 'input', 'auto'],
    [{ text: 'unset' }, 'true', 'exact'],
    [{ text: 'set' }, '', 'text'],
    [{ text: 'auto' }, 'false', 'auto'],
    [{ eol: 'crlf' }, '', 'text'],
    [{ eol: 'lf', text: 'unset' }, '', 'exact'],
    [{ crlf: 'input' }, '', 'text'],
    [{ text: 'unspecified', eol: 'unspecified' }, '', 'exact'],
  ] as const)('of %j with autocrlf %j as %s', (attributes, autocrlf, expected) => {
    expect(storingBy(attributes, autocrlf).lineEnds).toBe(expected);
  });

  test('of a file with a NUL byte only where it is text by attribute', () => {
    const content = Buffer.from('a\r\n\0');
    expect(storedContent(content, 'auto')).toEqual(content);
    expect(storedContent(content, 'text')).toEqual(Buffer.from('a\n\0'));
  });
});

test.each([
  [{ filter: 'lfs' }, 'filter=lfs'],
  [{ ident: 'set' }, 'ident=set'],
  [{ 'working-tree-encoding': 'UTF-16' }, 'working-tree-encoding=UTF-16'],
  [{ filter: 'unset', ident: 'unspecified' }, null],
])('content is rewritten by %j: %s', (attributes, expected) => {
  expect(storingBy(attributes, '').rewrittenBy).toBe(expected);
});

const ATTRIBUTES = [
  '',
  '* text',
  '* text=auto',
  '* -text',
  '* eol=crlf',
  '* eol=lf',
  '* -text eol=crlf',
  '* crlf',
  '* binary',
];

describe('as git itself says, for', () => {
  test.each(drawSome(ATTRIBUTES, { ci: 4, soak: ATTRIBUTES.length }))(
    'the attributes %j',
    async (attributes) => {
      for (const autocrlf of ['false', 'true', 'input']) {
        await using catalog = await catalogOf({ 'library/a/Dockerfile': '1' });
        await git(catalog.path, 'config', 'core.autocrlf', autocrlf);
        await writeFile(join(catalog.path, '.gitattributes'), `${attributes}\n`);
        for (const text of ['a\nb\n', 'a\r\nb\r\n', 'a\r\nb\n']) {
          const path = join(catalog.path, 'library/a/Dockerfile');
          await writeFile(path, text);
          const repository = await openRepository(catalog.path);
          const changes = [{ kind: 'directory', path: 'library/a' }] as const;
          const [commit] = await repository.writeCommits('HEAD', [{ message: ['a'], changes }]);
          await git(catalog.path, 'add', '--all');
          const ours = (await git(catalog.path, 'rev-parse', `${commit?.id}:library/a/Dockerfile`)).trim();
          const theirs = (await git(catalog.path, 'rev-parse', ':library/a/Dockerfile')).trim();
          expect([autocrlf, text, ours]).toEqual([autocrlf, text, theirs]);
          expect(await keepingOf(path)).toBe('committed');
          await appendFile(path, 'x');
          expect(await keepingOf(path)).toBe('uncommitted');
        }
      }
    },
  );
});
