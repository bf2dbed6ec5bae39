import { createRequire } from 'node:module';
import protobuf from 'protobufjs';

/** A message of BuildKit's about a build: steps (vertexes) by their digest, and what they printed. */
export type BuildKitStatus = {
  readonly vertexes: readonly BuildKitVertex[];
  /** `stream`: 1 for standard output, 2 for standard error, in decimal digits. */
  readonly logs: readonly { vertex: string; stream: string; msg: Uint8Array }[];
};

type BuildKitVertex = {
  readonly digest: string;
  readonly name: string;
  readonly error: string;
  /** When the step ended; null before. */
  readonly completed: object | null;
};

let statusType: protobuf.Type | undefined;

/**
 * Reads the payload of a `moby.buildkit.trace` message, with the protocol file that dockerode ships
 * (api/services/control/control.proto of moby/buildkit).
 */
export function decodeBuildKitStatus(base64: string): BuildKitStatus {
  if (statusType === undefined) {
    const file = createRequire(import.meta.url).resolve('dockerode/lib/proto/buildkit_status.proto');
    statusType = protobuf.loadSync(file).lookupType('moby.buildkit.v1.StatusResponse');
  }
  const message = statusType.decode(Buffer.from(base64, 'base64'));
  return statusType.toObject(message, { longs: String, arrays: true, defaults: true }) as BuildKitStatus;
}
