import { messageOf, UserError } from '../shared/failure.ts';

/** A no of the engine: it answered a request with another status than those that mean success. */
export class EngineRefusal extends UserError {
  readonly statusCode: number;
  /** The answer as the engine sent it. */
  readonly json: unknown;
  /** The reason in the engine's words. */
  readonly words: string;

  constructor(request: string, refusal: Refusal) {
    const words = messageOf(refusal).trim() || `status ${refusal.statusCode}`;
    const isFull = DISK_FULL.test(words);
    const hint = isFull
      ? 'free space where the engine keeps its data: docker system df shows what takes it'
      : "look for the reason in the engine's log";
    super(
      isFull ? 'disk-full' : 'engine-refused',
      `cannot ${request} at the container engine ${engineAddress()}: ${words}`,
      { hint, cause: refusal },
    );
    this.statusCode = refusal.statusCode;
    this.json = refusal.json;
    this.words = words;
  }
}

/** What docker-modem throws where the engine answers with a no. */
type Refusal = Error & { readonly statusCode: number; readonly json?: unknown };

const DISK_FULL = /no space left on device|disk quota exceeded|read-only file system/i;

/** Where the engine is, for messages. */
export function engineAddress(): string {
  return `at ${process.env.DOCKER_HOST ?? 'its default socket'}`;
}

/** The reason in the engine's words where it refused something, else the message. */
export function engineWords(error: unknown): string {
  return error instanceof EngineRefusal ? error.words : messageOf(error).trim();
}

/**
 * What went wrong with a request, as an error that the user can fix: a connection that broke is `engine-absent`, an
 * answer that makes no sense or is a no is `engine-refused`. An abort stays what it is.
 * @param request what was asked for, such as `POST /containers/create`
 */
export function explainFault(error: unknown, request: string): unknown {
  if (error instanceof UserError) return error;
  const { code, statusCode, name } = error as { code?: string; statusCode?: number; name?: string };
  if (name === 'AbortError' || name === 'TimeoutError') return error;
  if (statusCode !== undefined) return new EngineRefusal(request, error as Refusal);
  if (code?.startsWith('HPE_') === true || error instanceof SyntaxError) {
    return nonsense(request, { why: messageOf(error), cause: error });
  }
  return engineAbsent(`${request}: ${whyOf(error)}`, error);
}

/** An engine that sends what is no answer. */
export function nonsense(
  request: string,
  { why, cause }: { readonly why: string; readonly cause?: unknown },
): UserError {
  const message = `cannot understand the answer to ${request} of the container engine ${engineAddress()}: ${why}`;
  return new UserError('engine-refused', message, {
    hint: 'check that DOCKER_HOST leads to Docker Engine 20.10 or newer',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** An engine that went away or is silent; `why` ends the message. */
export function engineAbsent(why: string, cause?: unknown, hint: string = CHECK): UserError {
  return new UserError('engine-absent', `cannot reach a container engine ${engineAddress()}: ${why}`, {
    hint,
    ...(cause === undefined ? {} : { cause }),
  });
}

const CHECK = 'check that the engine runs (docker version), and run the same command again';

/**
 * Why a connection broke. Some errors of sockets have no message: where several addresses were tried, or where the
 * code says all.
 */
export function whyOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(whyOf).join('; ');
  const { code } = error as { code?: string };
  return messageOf(error) || code || 'the connection broke';
}
