import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';

const DIRECTORY = join(import.meta.dirname, '../../docs/schemas');
const FILES = [
  'result-1.json',
  'sweep-1.json',
  'error-1.json',
  'clean-1.json',
  'check-1.json',
  'baseline-1.json',
  'migrate-1.json',
  'worker-1.json',
  'refresh-1.json',
  'pr-1.json',
  'new-1.json',
];

// strictTypes wants a type beside each keyword, also where a condition adds to what has its type already
const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
for (const file of FILES) ajv.addSchema(readSchema(file), file);

export function readSchema(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(DIRECTORY, file), 'utf8')) as Record<string, unknown>;
}

/** What is wrong with a document by the schema that it names itself, `kraft-slim/result/1`; empty: nothing. */
export function schemaFaults(document: unknown): string[] {
  const { schema } = document as { schema?: unknown };
  const [, kind, version] = /^kraft-slim\/(\w+)\/(\d+)$/.exec(String(schema)) ?? [];
  const validate = ajv.getSchema(`${kind}-${version}.json`);
  if (validate === undefined) return [`there is no schema ${schema}`];
  return validate(document) ? [] : (validate.errors ?? []).map(showFault);
}

function showFault({ instancePath, message, params }: ErrorObject): string {
  return `${instancePath || '/'} ${message} ${JSON.stringify(params)}`;
}
