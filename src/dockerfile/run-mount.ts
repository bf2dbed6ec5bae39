import type { CopyFrom, Flag, RunMount } from './model.ts';

/**
 * The `--mount=type=bind,from=build,...` flags of a RUN; the fields are comma-separated values, RFC 4180.
 * https://docs.docker.com/reference/dockerfile/#run---mount
 */
export function readMounts(
  flags: readonly Flag[],
  resolveFrom: (raw: string, offset: number) => CopyFrom,
): RunMount[] {
  return flags
    .filter((flag) => flag.name === 'mount')
    .map((flag) => {
      const fields = Object.fromEntries(csvFields(flag.value ?? '').map(readField));
      const from = fields.from ? resolveFrom(fields.from, flag.range.start) : null;
      return { type: fields.type ?? 'bind', from, fields };
    });
}

function readField(field: string): [string, string] {
  const equals = field.indexOf('=');
  if (equals < 0) return [field.trim().toLowerCase(), 'true'];
  return [field.slice(0, equals).trim().toLowerCase(), field.slice(equals + 1)];
}

/** Fields between commas, where quotes keep a comma inside a field: RFC 4180. */
export function csvFields(text: string): string[] {
  const fields = text.match(/(?:"(?:[^"]|"")*"|[^,])+/g) ?? [];
  return fields.map((field) =>
    field.startsWith('"') && field.endsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field,
  );
}
