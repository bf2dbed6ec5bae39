import { expect, test } from 'vitest';
import { entryNameOf, type NameOptions } from '../../src/new/entry-name.ts';
import { parseImageReference } from '../../src/registry/image-reference.ts';

const nameOf = (image: string, options: Partial<NameOptions> = {}) =>
  entryNameOf(parseImageReference(image), { name: null, version: null, example: false, ...options });

test.each<[string, Partial<NameOptions>, string]>([
  ['redis:7.2.4-bookworm', {}, 'library/redis/7.2'],
  ['node:20-slim', {}, 'library/node/20'],
  ['ghcr.io/a/app:v1.2.3', {}, 'library/app/1.2'],
  ['redis:latest', { version: '8.0' }, 'library/redis/8.0'],
  ['redis:7.2', { name: 'valkey' }, 'library/valkey/7.2'],
  ['a/app', { example: true }, 'examples/app'],
  ['a/app:1', { example: true, name: 'http-python', version: '3.12' }, 'examples/http-python3.12'],
])('%s with %j is %s', (image, options, expected) => {
  expect(nameOf(image, options)).toBe(expected);
});

test.each<[string, Partial<NameOptions>, string]>([
  ['redis', {}, 'cannot find the version of library/redis'],
  ['redis:bookworm', {}, 'the tag bookworm has none'],
  ['redis:7', { name: '../x' }, 'is not a valid directory name'],
  ['redis:7', { version: '..' }, 'is not a valid directory name'],
])('%s with %j is refused', (image, options, why) => {
  expect(() => nameOf(image, options)).toThrow(why);
});
