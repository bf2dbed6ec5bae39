import type { Answer, Probe, ProbeContext, ProbeKind } from './probe.ts';
import { clientProbe } from './probe-client.ts';
import { fileProbe } from './probe-file.ts';
import { httpProbe } from './probe-http.ts';
import { outputProbe } from './probe-output.ts';
import { tcpProbe } from './probe-tcp.ts';

const KINDS: { readonly [K in Probe['kind']]: ProbeKind<Extract<Probe, { kind: K }>> } = {
  http: httpProbe,
  tcp: tcpProbe,
  output: outputProbe,
  client: clientProbe,
  file: fileProbe,
};

export function ask(probe: Probe, context: ProbeContext): Promise<Answer> {
  return kindOf(probe).ask(probe, context);
}

/** One short line for people. */
export function describe(probe: Probe): string {
  return kindOf(probe).describe(probe);
}

function kindOf<P extends Probe>(probe: P): ProbeKind<P> {
  // the map's type holds every kind to its probe, which an index by a union cannot express
  return KINDS[probe.kind] as unknown as ProbeKind<P>;
}
