import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isNotFound, messageOf } from '../shared/failure.ts';
import { asMap, parseOrNull } from '../shared/json-value.ts';

/**
 * What the `config.json` of the docker client says; empty where there is none.
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
