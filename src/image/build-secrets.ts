import { dirname, join } from 'node:path';
import type { Config } from '../config/config-schema.ts';
import type { ContextEntry } from '../dockerfile/build-context.ts';
import { messageOf, UserError } from '../shared/failure.ts';
import { realOrSame } from '../store/inside.ts';
import { readBytes } from '../store/read.ts';

type BuildSecret = Config['build']['secrets'][number];

/** As the docker client (session/secrets/secretsprovider of moby/buildkit). */
const MAX_BYTES = 500 * 1024;

/**
 * The content of the secrets that are set for a build, by their ids; of two with one id the last counts.
 * @throws UserError `config-invalid` where a file or a variable is not there.
 */
export async function readBuildSecrets(secrets: readonly BuildSecret[]): Promise<Map<string, Buffer>> {
  const wanted = new Map(secrets.map((secret) => [secret.id, secret]));
  const read = [...wanted.values()].map(async (secret) => [secret.id, await readSecret(secret)] as const);
  return new Map(await Promise.all(read));
}

/**
 * The entries of a build context less the files of secrets, which may well lie in it: no `COPY . .` may copy
 * a secret into an image, and none may stay in the engine's cache.
 */
export async function withoutSecretFiles(
  entries: readonly ContextEntry[],
  { directory, secrets }: { directory: string; secrets: readonly BuildSecret[] },
): Promise<readonly ContextEntry[]> {
  const files = secrets.flatMap(({ file }) => file ?? []);
  if (files.length === 0) return entries;
  const hidden = new Set(files.map(realOrSame));
  const root = realOrSame(directory);
  return entries.filter(({ path }) => !hidden.has(join(root, path)));
}

async function readSecret({ id, file, env }: BuildSecret): Promise<Buffer> {
  const content = env === undefined ? await readSecretFile(id, file ?? '') : process.env[env];
  if (content === undefined) throw cannotRead(id, `the environment variable ${env} is not set`);
  const bytes = Buffer.from(content);
  if (bytes.length > MAX_BYTES) throw tooLong(id);
  return bytes;
}

async function readSecretFile(id: string, file: string): Promise<Buffer> {
  try {
    const real = realOrSame(file);
    const bytes = readBytes(real, { root: dirname(real), kind: 'catalog file', maxBytes: MAX_BYTES });
    if (bytes !== null) return bytes;
  } catch (error) {
    if (error instanceof UserError && error.code === 'limit-exceeded') throw tooLong(id);
    throw cannotRead(id, messageOf(error), error);
  }
  throw cannotRead(id, `${file} is not there`);
}

function tooLong(id: string): UserError {
  return cannotRead(id, `it has more than ${MAX_BYTES / 1024} KiB`);
}

function cannotRead(id: string, why: string, cause?: unknown): UserError {
  return new UserError('config-invalid', `cannot read the build secret ${id}: ${why}`, {
    hint: 'secrets are set by build.secrets in kraft-slim.yaml',
    ...(cause === undefined ? {} : { cause }),
  });
}
