import { describe, expect, test } from 'vitest';
import { rootfsKindOf } from '../../src/kraftfile/read-rootfs.ts';
import { mistakesOf, v06, v07 } from '../support/kraftfile-text.ts';

describe('rootfs', () => {
  test.each([
    ['./Dockerfile', 'dockerfile'],
    ['images/app.DOCKERFILE.prod', 'dockerfile'],
    ['Containerfile', 'directory'],
    ['root.tar.gz', 'archive'],
    ['./initrd.cpio', 'cpio'],
    ['./root.erofs', 'erofs'],
    ['./rootfs', 'directory'],
    ['rootfs', 'directory'],
    ['example.org/a/b:latest', 'oci'],
    ['localhost:5000/a:1', 'oci'],
    ['nginx@sha256:ab12', 'oci'],
    ['oci://example.org/a', 'oci'],
  ] as const)('%s is of the kind %s', (path, kind) => {
    expect(rootfsKindOf(path)).toBe(kind);
  });

  test.each([
    [v06('rootfs: ./Dockerfile'), { kind: 'dockerfile', path: './Dockerfile', context: null, format: null }],
    [v06('rootfs: {source: ./Dockerfile, type: EROFS}'), { kind: 'dockerfile', format: 'erofs' }],
    [v07('rootfs: {source: ./Dockerfile, format: erofs}'), { kind: 'dockerfile', format: 'erofs' }],
    [v07('rootfs: {source: ./image, type: erofs}'), { kind: 'erofs', format: null }],
    [
      v07('rootfs: {source: {path: ., dockerfile: a/b.txt}}'),
      { kind: 'dockerfile', path: 'a/b.txt', context: '.' },
    ],
    [
      v07('rootfs: {source: {path: ./sub, type: dockerfile}}'),
      { kind: 'dockerfile', path: 'sub/Dockerfile', context: './sub' },
    ],
    [v07('rootfs: {source: {path: Dockerfile, type: dir}}'), { kind: 'directory', path: 'Dockerfile' }],
    [v06('name: a'), { kind: 'absent' }],
    [v07('rootfs:'), { kind: 'absent' }],
  ])('object forms %#', ({ rootfs }, expected) => {
    expect(rootfs).toMatchObject(expected);
  });

  test.each([
    ['v0.6', 'rootfs:', 'Kraftfile:2:8: rootfs must be text, not empty'],
    ['v0.6', 'rootfs: [a]', 'Kraftfile:2:9: rootfs must be text or a map, not a list'],
    ['v0.6', 'rootfs: {source: {path: .}}', 'Kraftfile:2:18: rootfs.source as a map needs spec: v0.7'],
    ['v0.6', 'rootfs: {type: cpio}', 'Kraftfile:2:9: rootfs has no source'],
    [
      'v0.6',
      'rootfs: {source: a, type: dockerfile}',
      'Kraftfile:2:27: rootfs.type must be cpio or erofs, not dockerfile',
    ],
    [
      'v0.7',
      'rootfs: {source: {path: a}, type: cpio}',
      'Kraftfile:2:29: rootfs.type belongs into rootfs.source',
    ],
    [
      'v0.7',
      'rootfs: {source: {path: a, type: zip}}',
      'Kraftfile:2:34: rootfs.source.type must be one of oci, dir, file, tarball, cpio, erofs, dockerfile, not zip',
    ],
    [
      'v0.7',
      'rootfs: {source: {path: a, type: dir, dockerfile: b}}',
      'Kraftfile:2:34: rootfs.source.type must be dockerfile where a dockerfile is named',
    ],
    ['v0.7', 'rootfs: {source: {type: dir}}', 'Kraftfile:2:18: rootfs.source has no path'],
    [
      'v0.6',
      'rootfs: |\n  FROM scratch\n  COPY a /',
      'Kraftfile:2:9: rootfs must name a file: a Dockerfile cannot stand in the Kraftfile',
    ],
  ])('%s %j is a mistake', (spec, text, mistake) => {
    expect(mistakesOf(`spec: ${spec}\n${text}`)).toEqual([mistake]);
  });
});
