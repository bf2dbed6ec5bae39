import type { KraftRun } from './kraft-run.ts';

/** A run of another app of the same group, of which a file says how it is started. */
export type OtherRun = {
  /** The entry, from the catalog's root. */
  readonly entry: string;
  readonly run: KraftRun;
};

/** An app that has to be there before another starts. */
export type InternalService = OtherRun & {
  /** The ports by which the others name it. */
  readonly ports: readonly number[];
};

export type InternalServices = {
  /** What each needs stands before it. */
  readonly services: readonly InternalService[];
  /** Names of apps of which no file says how they are started. */
  readonly missing: readonly string[];
};

/** An app of the cloud by the name that only other apps know, and the port: `mongo.internal:27017`. */
const NAMED = /([A-Za-z0-9][\w-]*(?:\.[\w-]+)*\.internal)(?![\w.-])(?::(\d+))?/g;

/** The apps that a run names by `.internal`, and those that they name. */
export function internalServices(run: KraftRun, others: readonly OtherRun[]): InternalServices {
  const ports = new Map<string, number[]>();
  const missing = new Set<string>();
  const found: OtherRun[] = [];
  const seen = new Set<OtherRun>();
  const visit = (named: KraftRun) => {
    for (const [, name = '', port] of textsOf(named).flatMap((text) => [...text.matchAll(NAMED)])) {
      if (run.cloud?.internal.includes(name) || named.cloud?.internal.includes(name)) continue;
      const other = others.find(({ run: { cloud } }) => cloud?.internal.includes(name));
      if (other === undefined) missing.add(name);
      else {
        ports.set(other.entry, [
          ...(ports.get(other.entry) ?? []),
          ...(port === undefined ? [] : [Number(port)]),
        ]);
        if (seen.has(other)) continue;
        seen.add(other);
        visit(other.run);
        found.push(other);
      }
    }
  };
  visit(run);
  const services = found.map((other) => ({ ...other, ports: [...new Set(ports.get(other.entry) ?? [])] }));
  return { services, missing: [...missing] };
}

function textsOf({ env, args }: KraftRun): string[] {
  return [...Object.values(env), ...(args ?? [])];
}

/** A run whose apps share its loopback, as those of one workload do. */
export function overLoopback<Run extends Pick<KraftRun, 'env' | 'args'>>(run: Run): Run {
  const near = (text: string) =>
    text.replace(NAMED, (_, __, port) => (port === undefined ? HERE : `${HERE}:${port}`));
  const env = Object.fromEntries(Object.entries(run.env).map(([name, value]) => [name, near(value)]));
  return { ...run, env, args: run.args?.map(near) ?? null };
}

const HERE = '127.0.0.1';
