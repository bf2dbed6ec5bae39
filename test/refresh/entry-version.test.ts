import { describe, expect, test } from 'vitest';
import { parseDockerfile } from '../../src/dockerfile/parse-dockerfile.ts';
import { baseKey, basesOf } from '../../src/refresh/bases.ts';
import { renamed, versionOf } from '../../src/refresh/entry-version.ts';
import { readTag, type Tag } from '../../src/refresh/tag.ts';
import { parseImageReference } from '../../src/registry/image-reference.ts';

const tagged = (image: string) => {
  const { repository, tag } = parseImageReference(image);
  return { repository, tag: readTag(tag ?? '') as Tag };
};

describe("an entry's version", () => {
  test.each([
    ['library/redis/7.0', 'redis:7.0.15-bookworm', '7.4.1-bookworm', 'library/redis/7.4'],
    ['library/redis/7.0', 'bitnami/redis:7.0', '7.2', 'library/redis/7.2'],
    ['library/node/18', 'node:18.19.0-slim', '20.1.0-slim', 'library/node/20'],
    ['library/openjdk/17.0', 'eclipse-temurin:17.0.9_9-jre', '17.0.10_7-jre', 'library/openjdk/17.0'],
    ['library/ubuntu/22.04', 'ubuntu:22.04', '24.04', 'library/ubuntu/24.04'],
    ['examples/flask-python3.11', 'python:3.11-bookworm', '3.13-bookworm', 'examples/flask-python3.13'],
    ['examples/http-python3.12-flask3.0', 'python:3.12.1', '3.13.2', 'examples/http-python3.13-flask3.0'],
    ['examples/helloworld-gcc12', 'gcc:12.3', '13.2', 'examples/helloworld-gcc13'],
  ])('%s follows %s to %s: %s', (entry, image, newer, expected) => {
    const version = versionOf(entry, tagged(image));
    expect(version).toBeDefined();
    if (version !== undefined) expect(renamed(entry, version, readTag(newer) as Tag).entry).toBe(expected);
  });

  test.each([
    ['library/redis/7.0', 'redis:7.2'],
    ['library/redis/7.0', 'debian:12'],
    ['library/a/12', 'debian:12'],
    ['library/base', 'alpine:3.18'],
    ['examples/helloworld', 'gcc:12'],
    ['examples/flask-python3.11', 'debian:3.11'],
    ['library/redis/latest', 'redis:7.0'],
  ])('%s does not follow %s', (entry, image) => {
    expect(versionOf(entry, tagged(image))).toBeUndefined();
  });
});

test('a Dockerfile builds on what it names, variables expanded', () => {
  const text = `ARG V=7.0
FROM redis:\${V} AS build
RUN --mount=type=bind,from=busybox:1,target=/b true
FROM build AS other
FROM scratch
COPY --from=build /a /a
COPY --from=ghcr.io/x/y@sha256:${'a'.repeat(64)} /b /b
COPY --from=redis:7.0 /c /c
`;
  expect(basesOf(parseDockerfile(text)).map(baseKey)).toEqual(['redis:7.0', 'busybox:1', 'ghcr.io/x/y']);
});
