import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';

/** One ordinary use of an app that its README does not show. */
export type Use =
  | {
      readonly kind: 'http';
      readonly title: string;
      readonly request: HttpUse;
      readonly statusAlone: boolean;
    }
  | { readonly kind: 'run'; readonly title: string; readonly argv: readonly string[] }
  | { readonly kind: 'sql'; readonly title: string; readonly query: string }
  | { readonly kind: 'send'; readonly title: string; readonly text: string };

export type HttpUse = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
};

export type Uses = { readonly port: number | null; readonly uses: readonly Use[] };

const USE = z.union([
  z.string(),
  z.strictObject({
    method: z.string(),
    path: z.string(),
    headers: z.record(z.string(), z.string()).default({}),
    body: z.string().nullable().default(null),
    keep: z.literal('status').optional(),
  }),
  z.strictObject({ run: z.array(z.coerce.string()) }),
  z.strictObject({ sql: z.string() }),
  z.strictObject({ send: z.string() }),
]);

const USES = z.strictObject({ port: z.number().nullable().default(null), uses: z.array(USE).min(10) });

/** The uses of `uses.yaml`: `METHOD /path [body]`, a request in full, a program to run, a query, or text to send. */
export async function readUses(file: string): Promise<Uses> {
  const { port, uses } = USES.parse(parse(await readFile(file, 'utf8')));
  return { port, uses: uses.map(useOf) };
}

function useOf(use: z.infer<typeof USE>): Use {
  if (typeof use === 'string') return requestOf(use);
  if ('run' in use) return { kind: 'run', title: use.run.join(' '), argv: use.run };
  if ('sql' in use) return { kind: 'sql', title: use.sql, query: use.sql };
  if ('send' in use) return { kind: 'send', title: JSON.stringify(use.send), text: use.send };
  const { keep, ...request } = use;
  return {
    kind: 'http',
    title: `${use.method} ${use.path} ${JSON.stringify(use.headers)}`,
    request,
    statusAlone: keep === 'status',
  };
}

function requestOf(line: string): Use {
  const [method = '', path = '', ...rest] = line.split(' ');
  const body = rest.length === 0 ? null : rest.join(' ');
  const type = body?.startsWith('{') ? 'application/json' : 'application/x-www-form-urlencoded';
  const headers =
    body === null ? {} : { 'content-type': type, 'content-length': `${Buffer.byteLength(body)}` };
  return {
    kind: 'http',
    title: line,
    request: { method, path, headers: { ...headers }, body },
    statusAlone: false,
  };
}
