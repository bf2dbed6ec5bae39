import { expect } from 'vitest';
import type { Result } from '../../src/slim/result.ts';
import type { Catalog } from './catalog.ts';
import { runJson } from './cli.ts';
import { schemaFaults } from './schemas.ts';

/** Runs the command on one entry of a catalog; what it prints has to obey its schema. */
export async function runEntry(
  catalog: Catalog,
  ...args: string[]
): Promise<Result & { readonly exitCode: number | null }> {
  const { document, exitCode } = await runJson(args, { cwd: catalog.path });
  expect(schemaFaults(document)).toEqual([]);
  return { ...(document as unknown as Result), exitCode };
}
