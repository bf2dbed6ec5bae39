import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { diskFull } from '../../src/shared/disk-full.ts';
import { openEventLog } from '../../src/sweep/event-log.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

test.each(['ENOSPC', 'EDQUOT', 'EROFS'])(
  '%s is a full disk, also below another error, and names the path',
  (code) => {
    const error = Object.assign(new Error(`${code}: open`), { code, path: '/state/x' });
    for (const found of [diskFull(error), diskFull(new Error('broken', { cause: error }))]) {
      expect(found).toMatchObject({
        code: 'disk-full',
        message: expect.stringMatching(/^cannot write \/state\/x: /),
      });
      expect(found?.hint).toContain('TMPDIR');
    }
  },
);

test('any other failure is left as it is', () => {
  expect(diskFull(Object.assign(new Error('x'), { code: 'ENOENT' }))).toBeUndefined();
  expect(diskFull(undefined)).toBeUndefined();
});

test('events on a full disk end in disk-full, which names the file', async () => {
  const log = await openEventLog('/dev/full');
  log.listener({ type: 'notice', message: 'x' });
  await expect(log[Symbol.asyncDispose]()).rejects.toMatchObject({
    code: 'disk-full',
    message: 'cannot write /dev/full: no space is left on the device',
  });
});

/** A tmpfs of so many bytes, in a separate mount namespace, for the words that follow. */
const ON_SMALL_DISK = ['-rm', 'sh', '-c', 'mount -t tmpfs -o size=64k tmpfs "$0" && exec "$@"'];

test('a spool on a full disk ends in disk-full, and is removed', async () => {
  await using directory = await temporaryDirectory();
  const build = join(directory.path, 'build');
  const disk = join(directory.path, 'disk');
  const root = join(import.meta.dirname, '../..');
  const run = promisify(execFile);
  await run(join(root, 'node_modules/.bin/tsc'), ['-p', root, '--outDir', build]);
  // tar-stream is found from there
  await run('ln', ['-s', join(root, 'node_modules'), join(directory.path, 'node_modules')]);
  await run('cp', [join(root, 'package.json'), directory.path]);
  await run('mkdir', [disk]);
  await run('sh', [
    '-c',
    `head -c 1000000 /dev/urandom > "$0/x" && tar -C "$0" -cf "$0/big.tar" x`,
    directory.path,
  ]);
  const script = `
    const { spoolTar } = await import(${JSON.stringify(join(build, 'image/spool-tar.js'))});
    const { createReadStream, readdirSync } = await import('node:fs');
    const error = await spoolTar(createReadStream(${JSON.stringify(join(directory.path, 'big.tar'))}), ${JSON.stringify(join(disk, 's.tar'))}).catch((e) => e);
    console.log(JSON.stringify({ code: error.code, message: error.message, left: readdirSync(${JSON.stringify(disk)}) }));`;
  const words = [...ON_SMALL_DISK, disk, process.execPath, '--input-type=module', '--eval', script];
  const { stdout } = await run('unshare', words);
  expect(JSON.parse(stdout)).toEqual({
    code: 'disk-full',
    message: `cannot write ${join(disk, 's.tar')}: no space is left on the device`,
    left: [],
  });
}, 60_000);
