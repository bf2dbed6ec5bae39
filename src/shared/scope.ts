import { hostname } from 'node:os';
import { UserError } from './failure.ts';

/** The environment variable that names a scope. */
const VARIABLE = 'KRAFT_SLIM_SCOPE';

/** A scope is part of an image's tag and of a directory's name: at most 64 characters. */
const SCOPE = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/;

/** Users of one engine have separate scopes: a run finds and removes only what carries its scope. */
export type Scope = {
  readonly name: string;
  /** Whether `KRAFT_SLIM_SCOPE` names it; else it is `HOST-UID`, of the user on this machine. */
  readonly named: boolean;
};

/**
 * The scope of this run.
 * @throws UserError `usage` where `KRAFT_SLIM_SCOPE` cannot be part of a tag.
 */
export function scopeOfRun(): Scope {
  const given = process.env[VARIABLE] ?? '';
  if (given === '') return { name: scopeOfUser(), named: false };
  if (!SCOPE.test(given)) {
    throw new UserError(
      'usage',
      `cannot use ${VARIABLE}=${JSON.stringify(given)}: it is not a valid scope name`,
      {
        hint: 'use 1 to 64 of a-z, 0-9, dot, hyphen and underscore, with a letter or digit at both ends',
      },
    );
  }
  return { name: given, named: true };
}

function scopeOfUser(): string {
  const host = hostname()
    .toLowerCase()
    .replace(/[^a-z0-9._-]/g, '-')
    .replace(/^[._-]+/, '')
    .slice(0, 48);
  return `${host === '' ? 'host' : host}-${process.getuid?.() ?? 'user'}`;
}
