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
    ['examples/httpserver-nodejs21', 'node:21-alpine', '22-alpine', 'examples/httpserver-nodejs22'],
    ['examples/expressjs4.18-node21', 'node:21-alpine', '22-alpine', 'examples/expressjs4.18-node22'],
    ['examples/httpserver-go1.21', 'golang:1.21.3-bookworm', '1.25.3-bookworm', 'examples/httpserver-go1.25'],
    ['examples/httpserver-g++13.2', 'gcc:13.2.0', '15.2.0', 'examples/httpserver-g++15.2'],
    ['examples/boost1.74-g++13.2', 'gcc:13.2.0', '15.2.0', 'examples/boost1.74-g++15.2'],
    ['examples/spring-java17', 'eclipse-temurin:17-jre', '21-jre', 'examples/spring-java21'],
    ['examples/spring-jdk17', 'amazoncorretto:17', '21', 'examples/spring-jdk21'],
    ['library/java/17', 'openjdk:17-slim', '21-slim', 'library/java/21'],
    ['library/java/8u392', 'eclipse-temurin:8u392-b08-jre', '8u402-b06-jre', 'library/java/8u402'],
    ['library/java/8', 'eclipse-temurin:8u392-b08-jre', '8u402-b06-jre', 'library/java/8'],
    ['examples/api-dotnet8.0', 'mcr.microsoft.com/dotnet/sdk:8.0', '9.0', 'examples/api-dotnet9.0'],
    ['library/surreal/1.1', 'surrealdb/surrealdb:v1.1.1', 'v1.2.0', 'library/surreal/1.2'],
    ['examples/sql-postgresql16', 'postgres:16.1', '17.2', 'examples/sql-postgresql17'],
    ['examples/web-mongodb6.0', 'mongo:6.0.13', '7.0.5', 'examples/web-mongodb7.0'],
    ['library/bun/1.1', 'oven/bun:1.1.20-debian', '1.2.3-debian', 'library/bun/1.2'],
    [
      'library/minio/2024-01-11',
      'minio/minio:RELEASE.2024-01-11T07-46-16Z',
      'RELEASE.2024-03-30T09-41-56Z',
      'library/minio/2024-03-30',
    ],
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
    ['examples/app-c++17', 'gcc:17.1'],
    ['examples/django6.0', 'golang:6.0'],
    ['examples/expressjs21', 'node:21'],
    ['examples/spring-java17', 'maven:17.0-eclipse-temurin-17'],
    ['examples/web-go1.21', 'library/go/app:1.21'],
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
