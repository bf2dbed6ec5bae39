import { nearestMatch } from '../../shared/nearest-match.ts';
import type { Rule } from '../rule.ts';

export const rootfsMissing: Rule = {
  code: 'rootfs-missing',
  severity: 'error',
  about:
    'A `rootfs` that is not on disk or lies outside of the catalog, or a Dockerfile that is a directory.',
  of: 'kraftfile',
  *check({ source: { file }, kraftfile, rootfs, entry }) {
    const named = kraftfile?.rootfs;
    if (named === undefined || named.kind === 'absent' || rootfs === null) return;
    if (rootfs.is === 'absent') {
      const nearest = nearestMatch(named.path.replace(/^\.\//, ''), entry.names);
      const hint = nearest === undefined ? '' : `: did you mean ./${nearest}?`;
      yield { file, range: named.range, message: `rootfs names ${named.path}, which is not there${hint}` };
    } else if (rootfs.is === 'outside') {
      const message = `rootfs names ${named.path}, which lies outside of the catalog`;
      yield { file, range: named.range, message };
    } else if (named.kind === 'dockerfile' && rootfs.is === 'directory') {
      const message = `rootfs names ${named.path}, which kraft takes for a Dockerfile and is a directory`;
      yield { file, range: named.range, message };
    }
  },
};
