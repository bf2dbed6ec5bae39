import { posix } from 'node:path';
import type { Rule } from '../rule.ts';

export const rootfsUndetected: Rule = {
  code: 'rootfs-undetected',
  severity: 'error',
  about: 'A `rootfs` with a name that kraft does not recognise as a Dockerfile.',
  of: 'kraftfile',
  *check({ source: { file }, kraftfile, rootfs }) {
    const named = kraftfile?.rootfs;
    if (named?.kind !== 'directory' || rootfs?.is !== 'file') return;
    const name = posix.basename(named.path);
    const message = `rootfs names the file ${name}, which kraft never builds: a name has to contain Dockerfile`;
    yield { file, range: named.range, message };
  },
};
