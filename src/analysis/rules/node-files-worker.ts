import { remoteTree } from '../../shared/remote-tree.ts';
import { serveWork } from '../../shared/serve-work.ts';
import type { NodeFilesData } from './node-files.ts';
import { traceNodeFiles } from './trace-node-files.ts';

await serveWork(async (data, ask) => {
  const { libc, entries } = data as NodeFilesData;
  return await traceNodeFiles({ tree: remoteTree(ask), libc }, entries);
});
