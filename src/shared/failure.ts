/**
 * Why an entry was skipped. Part of the contract: `code` of a result with `status: "skipped"`.
 * Scripts outside this repository rely on the spelling.
 */
export const SKIP_CODES = ['no-dockerfile', 'not-elf', 'filtered'] as const;
export type SkipCode = (typeof SKIP_CODES)[number];

/** Why an entry failed. Part of the contract: `code` of a result with `status: "failed"`. */
export const FAILURE_CODES = [
  'kraftfile-missing',
  'kraftfile-ambiguous',
  'kraftfile-invalid',
  'config-invalid',
  'rootfs-missing',
  'dockerfile-invalid',
  'build-failed',
  'cmd-not-found',
  'not-started',
  'workload-failed',
  'baseline-unstable',
  'verify-failed',
  'boot-failed',
  'too-big',
  'refused',
  'limit-exceeded',
  'disk-full',
  'engine-absent',
  'engine-refused',
  'would-overwrite',
  'timeout',
  'interrupted',
  'internal',
] as const;
export type FailureCode = (typeof FAILURE_CODES)[number];

/** Why a registry could not be asked. */
export const REGISTRY_CODES = [
  'registry-unreachable',
  'registry-denied',
  'registry-failed',
  'image-not-found',
  'rate-limited',
] as const;
export type RegistryCode = (typeof REGISTRY_CODES)[number];

/** Why nothing could be put forward for a catalog. */
export const PR_CODES = [
  'no-repository',
  'tree-dirty',
  'head-detached',
  'branch-missing',
  'branch-exists',
  'identity-missing',
  'state-missing',
  'nothing-to-propose',
  'push-failed',
  'gh-failed',
] as const;
export type PrCode = (typeof PR_CODES)[number];

/** Where no result can be formed the error document has one of these codes as well. */
export type ErrorCode = FailureCode | RegistryCode | PrCode | 'usage';

export type UserErrorOptions = {
  /** What the user can do about it: one sentence. */
  readonly hint?: string;
  /** Text shown below the message as it is: a source line with its caret, the last lines of a log. */
  readonly detail?: string;
  readonly cause?: unknown;
};

/**
 * Something went wrong that the user can fix, or that is a finding about the user's entry.
 * The message is one lower-case sentence without a full stop, `cannot <verb> <noun>: <why>`.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: ErrorCode;
  readonly hint: string | null;
  readonly detail: string | null;

  constructor(code: ErrorCode, message: string, options: UserErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? null;
    this.detail = options.detail ?? null;
  }
}

/** The message of anything that was thrown, never empty: some errors of Node have a code alone, or several causes. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  if (error instanceof AggregateError && error.errors.length > 0)
    return error.errors.map(messageOf).join('; ');
  return (error as NodeJS.ErrnoException).code ?? error.name;
}

/**
 * What went wrong first. Where a disposal fails while an error is on its way, `await using` throws a SuppressedError,
 * of which the disposal's is the outer one.
 */
export function firstFailure(error: unknown): unknown {
  let first = error;
  while (first instanceof Error && 'suppressed' in first) first = first.suppressed;
  return first;
}

/** Whether a file system call failed because the path is not there. */
export function isNotFound(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
