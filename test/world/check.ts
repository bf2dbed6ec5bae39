import { expect } from 'vitest';
import { parseDockerfile } from '../../src/dockerfile/parse-dockerfile.ts';
import { schemaFaults } from '../support/schemas.ts';
import type { Played } from './story.ts';

/** Checks an act against its ending; what the ending leaves out holds no warning. */
export function check({ act: { ends, options }, report, read, has }: Played): void {
  const { result, error } = report;
  expect(schemaFaults(result)).toEqual([]);
  const { status, code, reason, detail } = result;
  const wanted = { status: ends.status, code: ends.code ?? null };
  expect({ status, code }, [reason, detail, error].join('\n')).toEqual(wanted);
  for (const text of [reason, result.hint, ...result.warnings.map(({ message }) => message)])
    if (text !== null) expect(text).toMatch(/[a-z]+ [a-z]+/);
  const changed = [...report.changes.map(({ name }) => name)].sort();
  expect(changed).toEqual([...result.written, ...result.removed].sort());
  if (ends.reason !== undefined) expect(reason).toContain(ends.reason);
  if (ends.hint !== undefined) expect(result.hint).toContain(ends.hint);
  if (ends.detail !== undefined) expect(result.detail).toContain(ends.detail);
  const codes = [...new Set(result.warnings.map((warning) => warning.code))].sort();
  expect(codes, JSON.stringify(result.warnings)).toEqual(ends.warnings ?? []);
  if (ends.says !== undefined) expect(JSON.stringify(result.warnings)).toContain(ends.says);
  if (ends.stage !== undefined) expect(stageOf(read('Dockerfile'))).toEqual(ends.stage);
  for (const part of ends.dockerfile ?? []) expect(read('Dockerfile')).toContain(part);
  for (const part of ends.without ?? []) expect(read('Dockerfile')).not.toContain(part);
  for (const [name, part] of Object.entries(ends.files ?? {})) expect(read(name)).toContain(part);
  if (ends.written !== undefined) expect(result.written).toEqual(ends.written);
  for (const name of result.written) expect(has(name), name).toBe(options?.dryRun !== true || has(name));
  if (ends.result !== undefined) expect(result).toMatchObject(ends.result);
}

/** The instructions of a Dockerfile's final stage, one line each. */
function stageOf(text: string): string[] {
  const { stages } = parseDockerfile(text);
  const last = stages.at(-1);
  const lines = [last?.fromInstruction.raw ?? '', ...(last?.instructions.map(({ raw }) => raw) ?? [])];
  return lines.map((line) => line.replace(/\\\n\s*/g, '').replace(/ +/g, ' '));
}
