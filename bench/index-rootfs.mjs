// Reads a tar stream from stdin into a Rootfs whose spool is argv[2], and prints by how much its memory grew at the most.
// A process of its own, run from the built sources: nothing else is in its memory.
import { Rootfs } from '../dist/image/rootfs.js';

const before = process.memoryUsage.rss();
const rootfs = await Rootfs.fromTar(process.stdin, process.argv[2]);
const peak = process.resourceUsage().maxRSS * 1024;
const { files, bytes } = rootfs.size();
await rootfs[Symbol.asyncDispose]();
process.stdout.write(JSON.stringify({ files, bytes, before, growth: peak - before }));
