import type { VisitOffer } from '../slim/find/visit-offer.ts';
import { indented, joinShown, type Shown, show, showLines } from '../words/terminal.ts';
import type { Probe } from '../workload/probe.ts';

/** What a use of the app adds, as lines for `kraft-slim.yaml`. */
export function showVisit({ keep, probes }: VisitOffer): Shown {
  if (keep.length === 0 && probes.length === 0) {
    return show`Your use of the app needs no further file, and sends nothing that a probe can send.`;
  }
  const intro = show`The next analysis does not know your use of the app, unless kraft-slim.yaml has these lines:`;
  return joinShown([intro, indented(showLines(visitSettings({ keep, probes }).join('\n')), '  ')], '\n');
}

/** The lines of `kraft-slim.yaml`. */
export function visitSettings({ keep, probes }: VisitOffer): string[] {
  return [
    ...(keep.length === 0 ? [] : ['keep:', ...keep.map((glob) => `  - ${scalar(glob)}`)]),
    ...(probes.length === 0
      ? []
      : ['workload:', '  probes:', ...probes.map((probe) => `    - ${flowMap(settingsOf(probe))}`)]),
  ];
}

type Value = string | number | true | readonly string[] | Readonly<Record<string, string>> | undefined;
type Settings = Readonly<Record<string, Value>>;

/** A probe by the keys of `workload.probes`; what has its default is left out. */
function settingsOf(probe: Probe): Settings {
  const expect = probe.expect ?? undefined;
  const { kind } = probe;
  switch (probe.kind) {
    case 'http': {
      const { port, path, method, headers, body, expectStatus } = probe;
      return {
        kind,
        port,
        path,
        method: method === 'GET' ? undefined : method,
        headers: filled(headers),
        body: body ?? undefined,
        ...(probe.tls ? { tls: true as const } : {}),
        ...(probe.follows ? { follow: true as const } : {}),
        status: expectStatus ?? undefined,
        // text of the head is no text of the body
        expect: probe.showsHead ? undefined : expect,
      };
    }
    case 'tcp':
      return { kind, port: probe.port, send: probe.send === '' ? undefined : probe.send, expect };
    case 'output':
      return { kind, exitCode: probe.expectExitCode ?? undefined, expect };
    case 'client': {
      const { command, image, env, input, expectExitCode } = probe;
      const rest = { image: image ?? undefined, env: filled(env), input: input ?? undefined };
      return { kind, command, ...rest, exitCode: expectExitCode ?? undefined, expect };
    }
    case 'file':
      return { kind, path: probe.path, expect };
  }
}

function filled(map: Readonly<Record<string, string>>): Readonly<Record<string, string>> | undefined {
  return Object.keys(map).length === 0 ? undefined : map;
}

/** A map in one line of YAML. */
function flowMap(settings: Settings): string {
  const pairs = Object.entries(settings).filter(([, value]) => value !== undefined);
  return `{ ${pairs.map(([name, value]) => `${scalar(name)}: ${flow(value)}`).join(', ')} }`;
}

function flow(value: Value): string {
  if (typeof value === 'number' || value === true) return String(value);
  if (typeof value === 'string') return scalar(value);
  if (Array.isArray(value)) return `[${value.map(scalar).join(', ')}]`;
  return flowMap(value as Settings);
}

/** Words that YAML reads as something else than text: its core schema, and booleans of YAML 1.1. */
const NO_TEXT = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

/** A text, plain where YAML reads it as it is; JSON texts are YAML texts, YAML 1.2 section 1.3. */
function scalar(text: string): string {
  const isPlain = /^[A-Za-z/][\w/.+-]*$/.test(text) && !NO_TEXT.test(text);
  return isPlain ? text : JSON.stringify(text);
}
