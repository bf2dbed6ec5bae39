// Loaded by `--import` into a command: writes the most memory that it ever had, in KiB, where the environment says.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isMainThread } from 'node:worker_threads';

const path = process.env.PEAK_MEMORY_FILE;
if (isMainThread && path !== undefined && process.argv[1]?.endsWith('/cli/bin.js')) {
  process.on('exit', () => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${process.resourceUsage().maxRSS}\n`);
  });
}
