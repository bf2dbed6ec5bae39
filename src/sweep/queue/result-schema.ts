import { z } from 'zod';
import { FAILURE_CODES, SKIP_CODES } from '../../shared/failure.ts';
import { PROMISES } from '../../shared/promises.ts';
import type { Result, WarningCode } from '../../slim/result.ts';
import type { UnitState } from '../../slim/state/state.ts';
import { WORKLOAD_SOURCES } from '../../workload/workload.ts';

/** A path, or a word such as a name. */
const MAX_NAME = 4096;
/** A sentence, or the last lines of a log. */
const MAX_TEXT = 256 * 1024;
/** Paths of one root file system. */
const MAX_PATHS = 500_000;

/** A path or a word of bounded length. */
export const nameText = z.string().max(MAX_NAME);
const text = z.string().max(MAX_TEXT);
/** A SHA-256, hexadecimal. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().nonnegative();
const seconds = z.number().nonnegative().finite();
const names = z.array(nameText).max(1000);
const env = z.record(nameText, text);
const size = z.strictObject({ files: count, bytes: count });

const code = z.custom<WarningCode>(
  (value) => typeof value === 'string' && /^[a-z][a-z0-9-]{0,63}$/.test(value),
  'must be the code of a warning',
);

/**
 * A `kraft-slim/result/1` as a peer sends it. The type ties it to `Result`: a key that is missing here does not
 * compile.
 */
export const resultSchema: z.ZodType<Result> = z.strictObject({
  schema: z.literal('kraft-slim/result/1'),
  entry: nameText,
  class: z.enum(['complete', 'runtime-delta', 'library', 'native']).nullable(),
  status: z.enum(['slimmed', 'unchanged', 'skipped', 'failed']),
  code: z.enum([...SKIP_CODES, ...FAILURE_CODES]).nullable(),
  reason: text.nullable(),
  detail: text.nullable(),
  hint: text.nullable(),
  promise: z.enum(PROMISES).nullable(),
  launches: z.array(z.strictObject({ kraftfile: nameText, argv: z.array(text).max(10_000), env })).max(1000),
  before: size.nullable(),
  after: size.nullable(),
  runtime: z.strictObject({ entry: nameText, bytes: count }).nullable(),
  stages: z
    .array(
      z.strictObject({
        name: z.enum(['static', 'dynamic', 'search']),
        files: count.nullable(),
        bytes: count.nullable(),
        passed: z.boolean().nullable(),
        seconds,
      }),
    )
    .max(10),
  search: z
    .strictObject({
      oracleRuns: count,
      cacheHits: count,
      minimal: z.enum(['none', 'budget', '1-minimal']),
      held: count,
      implied: count,
    })
    .nullable(),
  workload: z
    .strictObject({
      source: z.enum(WORKLOAD_SOURCES),
      probes: z
        .array(
          z.strictObject({
            kind: z.enum(['http', 'tcp', 'output', 'client', 'file']),
            passed: z.boolean(),
          }),
        )
        .max(10_000),
    })
    .nullable(),
  verified: z.boolean(),
  repaired: z.boolean(),
  booted: z.boolean().nullable(),
  boot: z.null(),
  secondLook: z.strictObject({ cases: count, same: count }).nullable(),
  findings: z.array(z.never()),
  warnings: z.array(z.strictObject({ code, message: text })).max(10_000),
  memory: z.strictObject({ initramfsBytes: count, suggestedMiB: count }).nullable(),
  written: names,
  removed: names,
  seconds: z.strictObject({
    total: seconds,
    build: seconds,
    baseline: seconds,
    trace: seconds,
    search: seconds,
    verify: seconds,
  }),
});

/** What is remembered of a unit, as a peer sends it. */
export const stateSchema: z.ZodType<UnitState> = z.strictObject({
  schema: z.literal('kraft-slim/state/1'),
  entry: nameText,
  written: z.record(nameText, sha256),
  result: resultSchema,
  fingerprint: sha256.nullable(),
  kept: z
    .array(z.strictObject({ path: nameText, reasons: z.array(text).max(1000) }))
    .max(MAX_PATHS)
    .nullable(),
  missed: z.array(nameText).max(MAX_PATHS),
});
