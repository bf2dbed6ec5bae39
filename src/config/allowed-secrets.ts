import { relative, sep } from 'node:path';
import { UserError } from '../shared/failure.ts';
import { isOfGit, isWithin, realOrSame } from '../store/inside.ts';
import type { Config } from './config-schema.ts';

/** The environment variable by which the user lets entries have others, by their names with commas between. */
const ALLOWED_ENV = 'KRAFT_SLIM_SECRET_ENV';

/**
 * Requires that an entry asks for no secret that its author has no right to: the settings come with a catalog, which
 * need not be trusted, and a RUN may send what it is given anywhere. A file has to lie below `root`, links
 * followed, and not in `.git`, where tokens are kept; a variable has to be named in KRAFT_SLIM_SECRET_ENV.
 * @throws UserError `config-invalid`.
 */
export async function checkSecrets(secrets: Config['build']['secrets'], root: string): Promise<void> {
  const allowed = new Set((process.env[ALLOWED_ENV] ?? '').split(',').map((name) => name.trim()));
  for (const { id, file, env } of secrets) {
    if (env !== undefined && !allowed.has(env)) {
      throw new UserError(
        'config-invalid',
        `cannot give the build the secret ${id}: ${ALLOWED_ENV} does not name ${env}`,
        { hint: `set ${ALLOWED_ENV}=${env} where you trust the entry with this variable` },
      );
    }
    if (file === undefined || isInside(realOrSame(root), realOrSame(file))) continue;
    throw new UserError(
      'config-invalid',
      `cannot give the build the secret ${id}: ${file} is no file of the catalog`,
      { hint: `copy the file into ${root}, or give the secret by an environment variable` },
    );
  }
}

function isInside(root: string, file: string): boolean {
  return isWithin(root, file) && !isOfGit(relative(root, file)) && !file.endsWith(sep);
}
