import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isNotFound, messageOf } from '../shared/failure.ts';

/**
 * What the docker client is told by its `config.json`; empty where there is none.
 * @throws Error where there is one that cannot be read. Its message never quotes the file, which may hold passwords.
 */
export async function readDockerConfig(): Promise<Record<string, unknown>> {
  const directory = process.env.DOCKER_CONFIG || join(homedir(), '.docker');
  const path = join(directory, 'config.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isNotFound(error)) return {};
    throw new Error(`cannot read ${path}: ${messageOf(error)}`, { cause: error });
  }
  const config = parseOrNull(text);
  if (config === null) throw new Error(`cannot read ${path}: it is not JSON`);
  return asMap(config);
}

/** The value of a JSON text; null where it is none. The parser's own message would quote the text. */
export function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function asMap(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

export function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
