import { status } from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import { readRegistryLogin } from '../docker-config/registry-login.ts';

/** A call that BuildKit makes back to the client of a build. */
export type SessionMethod = {
  /** As gRPC spells it: `/package.Service/Method`. */
  readonly path: string;
  readonly request: protobuf.Type;
  readonly answer: protobuf.Type;
  /** An error with a gRPC status as its `code` is answered so. The signal ends with the session. */
  readonly call: (request: SessionRequest, signal: AbortSignal) => Promise<object>;
};

type SessionRequest = { readonly [field: string]: string };

/**
 * The messages on the wire, as far as they are used: numbers identify the fields, and the names are ours. Sources:
 * session/secrets/secrets.proto and session/auth/auth.proto of moby/buildkit, grpc/health/v1/health.proto of grpc.
 */
const messages = protobuf.parse(`
  syntax = "proto3";
  message SecretRequest { string id = 1; }
  message SecretAnswer { bytes data = 1; }
  message LoginRequest { string host = 1; }
  message LoginAnswer { string username = 1; string secret = 2; }
  message HealthRequest { string service = 1; }
  message HealthAnswer { int32 status = 1; }
`).root;

/** `ServingStatus.SERVING` of the health protocol. */
const SERVING = 1;

/**
 * What our side of a build answers. Calls that are not here are answered UNIMPLEMENTED by the server, and BuildKit
 * does without: it then fetches a registry's tokens itself, with the login (session/auth/auth.go).
 */
export function sessionMethods(secrets: ReadonlyMap<string, Buffer>): readonly SessionMethod[] {
  return [
    {
      // asked every second; Engine 20.10 ends a session that does not answer
      path: '/grpc.health.v1.Health/Check',
      request: messages.lookupType('HealthRequest'),
      answer: messages.lookupType('HealthAnswer'),
      call: async () => ({ status: SERVING }),
    },
    {
      path: '/moby.buildkit.secrets.v1.Secrets/GetSecret',
      request: messages.lookupType('SecretRequest'),
      answer: messages.lookupType('SecretAnswer'),
      async call({ id = '' }) {
        const data = secrets.get(id);
        if (data !== undefined) return { data };
        throw Object.assign(new Error(`secret ${id} not found`), { code: status.NOT_FOUND });
      },
    },
    {
      path: '/moby.filesync.v1.Auth/Credentials',
      request: messages.lookupType('LoginRequest'),
      answer: messages.lookupType('LoginAnswer'),
      call: async ({ host = '' }, signal) => (await readRegistryLogin(host, { signal })) ?? {},
    },
  ];
}
