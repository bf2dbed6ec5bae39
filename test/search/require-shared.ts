import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { INSTANCES } from '../support/shared-instances.ts';

/** Tests over shared instances never skip: they say at once what is missing. */
export default function requireShared(): void {
  if (existsSync(join(INSTANCES, 'baselines.tsv'))) return;
  throw new Error(
    `these tests need the shared search instances, and ${INSTANCES} is missing: KRAFT_SLIM_SHARED names the directory above it; npm run test:unit needs none of it`,
  );
}
