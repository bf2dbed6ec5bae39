import { describe, expect, test } from 'vitest';
import { DEAD_WEIGHT, isDeadWeight } from '../../../src/analysis/promise/dead-weight.ts';
import { imagePath } from '../../../src/shared/image-path.ts';

const kindOf = (path: string) => DEAD_WEIGHT.find(({ matches }) => matches(imagePath(path)))?.name ?? null;

describe('dead weight', () => {
  test.each([
    ['/usr/share/doc/app/copyright', 'documentation'],
    ['/usr/local/share/man/man1/app.1', 'documentation'],
    ['/usr/include/stdio.h', 'headers'],
    ['/usr/lib/x86_64-linux-gnu/libz.a', 'static-archives'],
    ['/usr/local/lib/pkgconfig/app.pc', 'static-archives'],
    ['/usr/lib/x86_64-linux-gnu/crt1.o', 'static-archives'],
    ['/usr/lib/x86_64-linux-gnu/Scrt1.o', 'static-archives'],
    ['/var/lib/dpkg/info/app.list', 'package-managers'],
    ['/lib/apk/db/installed', 'package-managers'],
    ['/etc/cron.daily/app', 'service-files'],
    ['/lib/systemd/system/app.service', 'service-files'],
    ['/usr/share/bash-completion/completions/app', 'distribution-support'],
    ['/usr/share/vim/addons/syntax/nginx.vim', 'distribution-support'],
    ['/usr/lib/tmpfiles.d/app.conf', 'distribution-support'],
    ['/etc/default/app', 'distribution-support'],
    ['/usr/share/apache2/build/envvars-std', 'server-build-files'],
    ['/usr/lib/apache2/modules/httpd.exp', 'server-build-files'],
    ['/usr/lib/postgresql/15/lib/pgxs/src/Makefile.global', 'server-build-files'],
    ['/usr/lib/postgresql/15/lib/llvmjit.so', 'postgresql-jit'],
    ['/usr/lib/postgresql/15/lib/bitcode/hstore/hstore.bc', 'postgresql-jit'],
    ['/usr/lib/x86_64-linux-gnu/engines-3/padlock.so', 'openssl-engines'],
    ['/usr/share/systemtap/tapset/libruby.stp', 'distribution-support'],
    ['/usr/lib/python3/dist-packages/a/__pycache__/a.cpython-311.pyc', 'byte-code-caches'],
  ])('%s is %s', (path, kind) => {
    expect(kindOf(path)).toBe(kind);
    expect(isDeadWeight(imagePath(path))).toBe(true);
  });

  test.each([
    '/usr/share/docs/app/index.html',
    '/usr/share/manifest',
    '/srv/include/head.php',
    '/app/lib/schema.a.json',
    '/usr/lib/x86_64-linux-gnu/ImageMagick/coders/png.la',
    '/usr/lib/python3.11/doctest.py',
    '/app/sourceless.pyc',
    '/etc/apache2/apache2.conf',
    '/usr/share/vim/vim90/defaults.vim',
    '/usr/lib/x86_64-linux-gnu/engines-3/pkcs11.so',
    '/usr/lib/postgresql/15/lib/hstore.so',
    '/app/default/settings',
    '/var/lib/mysql/ibdata1',
  ])('%s is none', (path) => {
    expect(kindOf(path)).toBeNull();
    expect(isDeadWeight(imagePath(path))).toBe(false);
  });

  test('has a reason for every kind, and no name twice', () => {
    expect(DEAD_WEIGHT.every(({ why }) => why.length > 20)).toBe(true);
    expect(new Set(DEAD_WEIGHT.map(({ name }) => name)).size).toBe(DEAD_WEIGHT.length);
  });
});
