import { z } from 'zod';
import { UserError } from '../../shared/failure.ts';
import type { SlimEvent } from '../../slim/event.ts';
import { isInsideName } from './inside-name.ts';
import type { EntryJob, EntryJobResult } from './protocol.ts';
import { nameText, resultSchema, sha256, stateSchema } from './result-schema.ts';

/** What a text file of an entry may have at most: a root list is the longest. */
const MAX_FILE = 32 * 1024 ** 2;
/** A step in words, as a line of a terminal shows it. */
const MAX_STEP = 500;
/** The longest that a sweep may have an entry worked on: a month. */
const MAX_TIMEOUT_MS = 31 * 24 * 3600 * 1000;

const file = z.string().max(MAX_FILE);
const version = z.string().regex(/^[\w.+-]{1,64}$/, 'must be a version');

const search = z.strictObject({
  strategy: z.enum(['grow', 'shrink', 'minimal', 'search-only', 'coin-flip']),
  aggressive: z.boolean(),
  maxRuns: z.int().positive().nullable(),
});

const job: z.ZodType<EntryJob> = z.strictObject({
  version,
  sweep: z.string().regex(/^[\w-]{1,64}$/, 'must be the name of a sweep'),
  path: nameText.refine((path) => path === '' || isInsideName(path), 'must be a path inside of the catalog'),
  pack: sha256,
  options: z.strictObject({
    dryRun: z.boolean(),
    redo: z.boolean(),
    upgrade: z.boolean(),
    askStages: z.boolean(),
    search: search.nullable(),
    placeholders: z.boolean(),
    untrusted: z.boolean(),
  }),
  state: stateSchema.nullable(),
  entryTimeoutMs: z.int().positive().max(MAX_TIMEOUT_MS),
});

const answer: z.ZodType<EntryJobResult> = z.strictObject({
  result: resultSchema,
  changes: z
    .array(
      z.strictObject({
        name: nameText,
        before: file.nullable(),
        after: file.nullable(),
        replaces: nameText.exactOptional(),
      }),
    )
    .max(1000),
  state: stateSchema.nullable(),
});

type StepEvent = Extract<SlimEvent, { type: 'step' }>;

const step: z.ZodType<StepEvent> = z.strictObject({
  type: z.literal('step'),
  entry: nameText,
  step: z.enum(['build', 'baseline', 'trace', 'search', 'verify', 'static', 'read', 'write']),
  detail: z
    .string()
    .max(MAX_STEP)
    .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u),
});

/** The version of a sweep by the word of its job; null where the message says none. */
export function versionOf(data: unknown): string | null {
  const said = z.looseObject({ version }).safeParse(data);
  return said.success ? said.data.version : null;
}

/** A job as a sweep of this version sends it. @throws UserError `refused` for any other message. */
export function readJob(data: unknown): EntryJob {
  return read(job, data, 'the job of a sweep');
}

/** What a worker of this version gives back. @throws UserError `refused` for any other message. */
export function readAnswer(data: unknown): EntryJobResult {
  return read(answer, data, 'the answer of a worker');
}

/** A step that a worker reports; null for any other message. */
export function readStep(data: unknown): StepEvent | null {
  const said = step.safeParse(data);
  return said.success ? said.data : null;
}

function read<T>(schema: z.ZodType<T>, data: unknown, what: string): T {
  const said = schema.safeParse(data);
  if (said.success) return said.data;
  const [issue] = said.error.issues;
  const where =
    issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.').slice(0, 200)}: `;
  throw new UserError('refused', `cannot use ${what}: ${where}${issue?.message.slice(0, 200) ?? ''}`, {
    hint: 'give only trusted machines access to the queue, with the same version of kraft-slim',
  });
}
