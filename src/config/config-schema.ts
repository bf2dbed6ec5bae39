import { z } from 'zod';
import { BYTE_SIZE } from '../shared/byte-size.ts';
import { PROMISES } from '../shared/promises.ts';
import { workloadSettings } from './workload-schema.ts';

/** What a user can say about an app that nothing in its files shows. */
export const ASSUMPTIONS = ['tls-client', 'time-zones', 'locales'] as const;
export type Assumption = (typeof ASSUMPTIONS)[number];

const name = z.string().regex(/./, 'must not be empty');
const globs = z.array(name).default([]);

const SIZE_RULE = 'must be a number of bytes, or a size such as 512M';

const secret = z
  .strictObject({
    id: name.describe('The id in the Dockerfile: --mount=type=secret,id=ID.'),
    file: name.optional().describe('A file of the catalog that holds the secret, relative to this file.'),
    env: name
      .optional()
      .describe('The environment variable that holds the secret; KRAFT_SLIM_SECRET_ENV has to name it.'),
  })
  .refine((value) => (value.file === undefined) !== (value.env === undefined), 'must have either file or env')
  .meta({ oneOf: [{ required: ['file'] }, { required: ['env'] }] });

const build = z.strictObject({
  args: z
    .record(z.string(), z.string())
    .default({})
    .describe('Build arguments, as docker build --build-arg.'),
  target: name.optional().describe('The stage to build; the default is the last stage.'),
  platform: name.optional().describe('As docker build --platform, for example linux/amd64.'),
  secrets: z.array(secret).default([]).describe('Secrets for RUN --mount=type=secret.'),
  network: z
    .enum(['host', 'default'])
    .optional()
    .describe(
      "The network of RUN steps; without this key the engine's network, and the host's network if a RUN step cannot reach the internet.",
    ),
});

const versions = z.array(name);

const policy = z.enum(['patch', 'minor', 'major']);

const minimumAgeDays = z.number().min(0, 'must be a number of days');

/** Words of a tag's end, without the hyphens around them. */
const tagWords = z.array(
  z.string().regex(/^[A-Za-z][\w.]*$/, 'must be a word of a tag, such as trixie or jdk21'),
);

const refresh = z.strictObject({
  policy: policy
    .optional()
    .describe('How far a version may move, if the command line gives no policy: patch, minor or major.'),
  minimumAgeDays: minimumAgeDays
    .optional()
    .describe('refresh moves to an image only so many days after its date of creation.'),
  images: z
    .record(
      name,
      z.strictObject({
        policy: policy.optional().describe('How far the version of this image may move.'),
        minimumAgeDays: minimumAgeDays.optional().describe('The same as above, for this image.'),
        words: tagWords
          .optional()
          .describe(
            'Words behind the version that take the place of those of the same kind, where the registry has such a tag: trixie that of bookworm, jdk21 that of jdk17.',
          ),
        inPlace: z
          .boolean()
          .optional()
          .describe(
            'Whether the tag of this image moves within an entry that is not named for its version; by default refresh only reports the newer tag.',
          ),
        allow: versions
          .optional()
          .describe(
            'Versions, or the beginnings of them, or globs over tags: refresh moves the image only to these.',
          ),
        ignore: versions
          .optional()
          .describe('Versions, or the beginnings of them, or globs over tags: refresh never moves to these.'),
      }),
    )
    .default({})
    .describe('Settings for some images: by a glob over the name without the tag, redis or ghcr.io/a/*.'),
});

const check = z.strictObject({
  rules: z
    .record(name, z.enum(['error', 'warning', 'note', 'off']))
    .default({})
    .describe('The level of a check by its code of docs/checks.md; off: it finds nothing.'),
});

/**
 * What can be set for an entry. A new key is added here and nowhere else: types, defaults, validation, merging and
 * the published JSON Schema follow. Every key needs a default or must be optional.
 */
const settings = z.strictObject({
  build: build.prefault({}).describe('How the Dockerfile is built.'),
  workload: workloadSettings.prefault({}).describe('How kraft-slim uses the app to trace and verify it.'),
  check: check.prefault({}).describe('The levels of the findings of kraft-slim check.'),
  keep: globs.describe('Globs over absolute paths of the image: kraft-slim keeps these files.'),
  drop: globs.describe('Globs over absolute paths of the image: kraft-slim drops these files.'),
  budget: z
    .strictObject({
      runs: z
        .int()
        .positive()
        .optional()
        .describe('How often a search may run the app; by default the plan sets the limit.'),
      seconds: z.number().positive().optional().describe('After so many seconds a search stops.'),
    })
    .prefault({})
    .describe('The limits of a search.'),
  assume: z
    .array(z.enum(ASSUMPTIONS))
    .default([])
    .describe('What the app does that no probe shows: it verifies TLS servers, uses time zones or locales.'),
  promise: z
    .enum(PROMISES)
    .optional()
    .describe(
      'What the entry is for, which decides how much is kept. app: the app with all that its author put in. runtime: others build on the entry, so that the interface of its runtime stays whole. workload: what the workload needs. Default: runtime for libraries, else app.',
    ),
  pr: z
    .strictObject({
      group: z
        .string()
        .regex(/^[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?$/, 'must be a word of letters, digits, - and _')
        .optional()
        .describe('pr puts all entries of the same group on one branch, kraft-slim/group-NAME.'),
    })
    .prefault({})
    .describe('How pr puts the entry forward.'),
  refresh: refresh.optional().describe('The versions of its base images to which refresh moves an entry.'),
  maxBytes: z
    .union([z.int().gt(0, SIZE_RULE), z.string().regex(BYTE_SIZE, SIZE_RULE)], SIZE_RULE)
    .optional()
    .describe(
      'The largest allowed result, in bytes or as 30M; kraft-slim fails on a larger result and does not write it.',
    ),
});

/** The settings of one entry, complete. */
export type Config = z.output<typeof settings>;

/** Settings as one file gives them: any of the keys. Paths in it are as written. */
export type PartialConfig = z.input<typeof settings>;

const configFile = settings
  .extend({
    entries: z
      .record(name, settings)
      .default({})
      .describe("Settings for some entries: by a glob over an entry's path from the catalog's root."),
  })
  .meta({ title: 'kraft-slim.yaml', description: 'Settings for the entries in and below this directory.' });

/** A whole `kraft-slim.yaml`, as written. */
export type ConfigFile = z.input<typeof configFile>;

/** Something in the data that the schema does not allow. */
export type ConfigIssue = {
  /** The way to the value, or of an unknown key to the map that holds it. */
  readonly path: readonly PropertyKey[];
  readonly problem:
    | { readonly kind: 'unknown-key'; readonly key: string }
    /** `expected` reads after "must be": `text`, `a list`, `host or default`. */
    | { readonly kind: 'wrong-value'; readonly expected: string }
    | { readonly kind: 'rule'; readonly rule: string };
};

/** Every mistake of a file's data; none means that it is a `ConfigFile`. */
export function findConfigIssues(data: unknown): ConfigIssue[] {
  return configFile.safeParse(data).error?.issues.flatMap(issuesOf) ?? [];
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'a map',
  record: 'a map',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

function issuesOf(issue: z.core.$ZodIssue): ConfigIssue[] {
  const { path } = issue;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path, problem: { kind: 'unknown-key', key } }));
    case 'invalid_type': {
      const expected = TYPE_NAMES[issue.expected] ?? issue.expected;
      return [{ path, problem: { kind: 'wrong-value', expected } }];
    }
    case 'invalid_value':
      return [{ path, problem: { kind: 'wrong-value', expected: issue.values.map(String).join(' or ') } }];
    case 'invalid_union':
      return [unionIssue(issue)];
    default:
      return [{ path, problem: { kind: 'rule', rule: issue.message } }];
  }
}

/** A map whose `kind`, or another distinguishing key, has an unknown value; or any other union. */
function unionIssue(issue: z.core.$ZodIssueInvalidUnion): ConfigIssue {
  const { path } = issue;
  if (issue.discriminator === undefined) return { path, problem: { kind: 'rule', rule: issue.message } };
  const members = membersOf(schemaAt(path.slice(0, -1)));
  const kinds = members.flatMap(({ properties = {} }) => properties[issue.discriminator ?? '']?.const ?? []);
  return { path, problem: { kind: 'wrong-value', expected: kinds.join(' or ') } };
}

/** Puts the defaults to settings that are already known to be valid. */
export function withDefaults(partial: PartialConfig): Config {
  return settings.parse(partial);
}

/** The JSON Schema (draft 2020-12) of `kraft-slim.yaml`, for editors. */
export function configJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(configFile, { io: 'input' }) as Record<string, unknown>;
}

/**
 * The keys that the map at a path of some data may have; none where it may have any. Of maps of several kinds it
 * is those of the data's own kind.
 */
export function knownKeysAt(path: readonly PropertyKey[], data: unknown): readonly string[] {
  const value = path.reduce<unknown>((at, step) => (at as Record<PropertyKey, unknown>)?.[step], data);
  const members = membersOf(schemaAt(path));
  const matching = members.filter(({ properties = {} }) =>
    Object.entries(properties).every(
      ([key, { const: kind }]) => kind === undefined || kind === (value as Record<string, unknown>)?.[key],
    ),
  );
  const keys = (matching.length > 0 ? matching : members).flatMap(({ properties = {} }) =>
    Object.keys(properties),
  );
  return [...new Set(keys)];
}

function schemaAt(path: readonly PropertyKey[]): JsonSchema | undefined {
  knownSchema ??= configJsonSchema();
  let schema: JsonSchema | undefined = knownSchema;
  for (const step of path) {
    const additional: JsonSchema | boolean | undefined = schema?.additionalProperties;
    schema = typeof step === 'number' ? schema?.items : schema?.properties?.[String(step)];
    schema ??= typeof additional === 'object' ? additional : undefined;
  }
  return schema;
}

/** What a value may be: the schema itself, or any of those that it has to be one of. */
function membersOf(schema: JsonSchema | undefined): readonly JsonSchema[] {
  if (schema === undefined) return [];
  return schema.properties === undefined ? (schema.oneOf ?? schema.anyOf ?? [schema]) : [schema];
}

/** Making it takes long enough to be felt by a file with thousands of mistakes. */
let knownSchema: JsonSchema | undefined;

type JsonSchema = {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly const?: string;
};
