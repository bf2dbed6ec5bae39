import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseImageReference, showReference } from '../../src/registry/image-reference.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}`;

describe('the name of an image', () => {
  test.each([
    ['redis', 'docker.io', 'library/redis', null],
    ['redis:7.2-bookworm', 'docker.io', 'library/redis', '7.2-bookworm'],
    ['bitnami/redis:7', 'docker.io', 'bitnami/redis', '7'],
    ['docker.io/redis', 'docker.io', 'library/redis', null],
    ['index.docker.io/library/redis', 'docker.io', 'library/redis', null],
    ['localhost/app', 'localhost', 'app', null],
    ['localhost:5000/app:1', 'localhost:5000', 'app', '1'],
    ['127.0.0.1:5000/a/b/c', '127.0.0.1:5000', 'a/b/c', null],
    ['[::1]:5000/app:1', '[::1]:5000', 'app', '1'],
    ['ghcr.io/a/b_c__d.e--f:v1', 'ghcr.io', 'a/b_c__d.e--f', 'v1'],
    ['localhosts/app', 'docker.io', 'localhosts/app', null],
    ['app:5000', 'docker.io', 'library/app', '5000'],
  ])('%s', (text, host, path, tag) => {
    expect(parseImageReference(text)).toEqual({ repository: { host, path }, tag, digest: null });
  });

  test('a digest may stand behind a tag', () => {
    expect(parseImageReference(`a:1@${DIGEST}`)).toMatchObject({ tag: '1', digest: DIGEST });
    expect(parseImageReference(`a@${DIGEST}`)).toMatchObject({ tag: null, digest: DIGEST });
  });

  test.each([
    ['', 'its name is malformed'],
    ['Redis', 'must be lower-case'],
    ['a b', 'its name is malformed'],
    ['a/', 'its name is malformed'],
    ['a//b', 'its name is malformed'],
    ['a:', 'its tag is malformed'],
    [`a:${'x'.repeat(129)}`, 'its tag is malformed'],
    ['a:-x', 'its tag is malformed'],
    ['a@sha256:ab', 'its digest'],
    [`a@${DIGEST}@${DIGEST}`, 'more than one digest'],
    ['a_.b:80/c', 'its host is malformed'],
    [`${'a'.repeat(250)}`, 'too long'],
    ['../../etc/passwd', 'its host is malformed'],
  ])('%j is none', (text, why) => {
    expect(() => parseImageReference(text)).toThrow(why);
  });

  test('shown and read again it is the same', () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,8}([._-][a-z0-9]{1,4})?$/);
    const host = fc.constantFrom('', 'ghcr.io/', 'localhost:5000/', '[::1]/', 'docker.io/');
    const tag = fc.constantFrom('', ':1.2-x', ':latest');
    const digest = fc.constantFrom('', `@${DIGEST}`);
    fc.assert(
      fc.property(host, fc.array(part, { minLength: 1, maxLength: 3 }), tag, digest, (h, parts, t, d) => {
        const reference = parseImageReference(`${h}${parts.join('/')}${t}${d}`);
        expect(parseImageReference(showReference(reference))).toEqual(reference);
      }),
    );
  });
});
