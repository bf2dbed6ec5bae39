import type { Rule } from '../rule.ts';

export const rootfsUnnamed: Rule = {
  code: 'rootfs-unnamed',
  severity: 'warning',
  about: 'A Dockerfile beside a Kraftfile that names no `rootfs`: nothing builds it.',
  of: 'kraftfile',
  *check({ source: { file }, kraftfile, entry, root }) {
    if (kraftfile?.rootfs.kind !== 'absent' || kraftfile.runtime === null || !entry.names.has('Dockerfile'))
      return;
    const message = 'there is a Dockerfile, but no rootfs that names it: add rootfs: ./Dockerfile';
    yield { file, range: root?.range ?? null, message };
  },
};
