import { z } from 'zod';
import { BYTE_SIZE } from '../shared/byte-size.ts';

const text = z.string();
const name = z.string().regex(/./, 'must not be empty');
const seconds = z.number().gt(0, 'must be more than 0');
const env = z.record(z.string(), z.string());
const PORT_RULE = 'must be a port, 1 to 65535';
const port = z.int().min(1, PORT_RULE).max(65_535, PORT_RULE);
const SIZE_RULE = 'must be a number of bytes, or a size such as 512M';
const ports = z.array(port);
const command = z.array(z.string()).min(1, 'must name a program');
const image = name
  .optional()
  .describe('The image that contains the program; the default is the full image of the entry.');
const exitCode = z
  .int()
  .min(0, 'must be at least 0')
  .max(255, 'must be at most 255')
  .optional()
  .describe('The expected exit code; the default is that of the original.');

/** Every kind has it: what decides where nothing is expected is said once, here. */
function expectOf(what: string) {
  return text.optional().describe(`Text that ${what} must hold; without it, it must equal the original's.`);
}

const http = z.strictObject({
  kind: z.literal('http').describe('Sends a request to a web server.'),
  port: port.describe('The port of the app.'),
  path: z.string().regex(/^\//, 'must begin with /').default('/').describe('Path and query.'),
  method: name.default('GET').describe('The method, such as POST.'),
  headers: env.default({}).describe('Headers of the request, by name.'),
  body: text.optional().describe('The body of the request.'),
  tls: z.boolean().default(false).describe('Whether the port speaks TLS; no certificate is verified.'),
  follow: z.boolean().default(false).describe('Whether redirections to the same host are followed.'),
  status: z
    .int()
    .min(100, 'must be at least 100')
    .max(599, 'must be at most 599')
    .optional()
    .describe('The expected status code; the default is that of the original.'),
  expect: expectOf('the body of the answer'),
});

const tcp = z.strictObject({
  kind: z.literal('tcp').describe('Connects, sends text and reads the answer.'),
  port: port.describe('The port of the app.'),
  send: text.default('').describe('The text to send; without it, the port only has to accept a connection.'),
  expect: expectOf('the answer'),
});

const output = z.strictObject({
  kind: z.literal('output').describe('Waits for the end of a program that runs once.'),
  exitCode,
  expect: expectOf('what the program prints'),
});

const client = z.strictObject({
  kind: z.literal('client').describe("Runs a command beside the app, in the app's network."),
  command: command.describe('The program and its arguments; no shell runs them.'),
  image,
  env: env.default({}).describe('The environment of the command.'),
  input: text.optional().describe('The text on its standard input.'),
  exitCode,
  expect: expectOf('what the command prints'),
});

const file = z.strictObject({
  kind: z.literal('file').describe('Reads a file that the app has written.'),
  path: z.string().regex(/^\//, 'must be an absolute path').describe('Its absolute path in the app.'),
  expect: expectOf('the file'),
});

const service = z.strictObject({
  command: command.describe('The program and its arguments; no shell runs them.'),
  image,
  env: env.default({}).describe('The environment of the service.'),
  ports: ports.default([]).describe('Ports that must listen before the app starts.'),
});

const size = z
  .union([z.int().gt(0, SIZE_RULE), z.string().regex(BYTE_SIZE, SIZE_RULE)], SIZE_RULE)
  .optional();

const limits = z.strictObject({
  readySeconds: seconds.optional().describe('From the start until the app is ready.'),
  probeSeconds: seconds.optional().describe('For one probe; for a program that runs once, its whole life.'),
  memory: size.describe('Memory of the app: bytes, or a size such as 512M or 1Gi.'),
  pids: z.int().min(1, 'must be at least 1').optional().describe('Processes and threads of the app.'),
  disk: size.describe('What the app may write to its disk: bytes, or a size such as 512M or 1Gi.'),
});

const ready = z.strictObject({
  ports: ports.optional().describe('Ports of the app that must listen before the first probe.'),
  udpPorts: ports.optional().describe('UDP ports of the app that must be bound before the first probe.'),
  line: name.optional().describe('A text that the app must print before the first probe.'),
});

/** `workload` of the settings: how the app is exercised, where its README does not say it, or says it wrongly. */
export const workloadSettings = z.strictObject({
  env: env.default({}).describe('The environment of the app; it overrides every other source.'),
  arguments: z
    .array(z.string())
    .optional()
    .describe('The arguments of the app, in place of those of its command; the program stays the same.'),
  ready: ready.prefault({}).describe('When the app is ready.'),
  probes: z
    .array(z.discriminatedUnion('kind', [http, tcp, output, client, file]))
    .min(1, 'must have at least one probe')
    .optional()
    .describe('The probes, in this order; they replace the probes of the README.'),
  services: z
    .array(service)
    .optional()
    .describe('Programs that the app connects to; they start before it, in its network.'),
  limits: limits.prefault({}).describe('The limits of a run of the app.'),
  runs: z
    .int()
    .min(2, 'must be at least 2')
    .optional()
    .describe('How often the original runs: once untraced, all other times traced.'),
  network: z
    .enum(['none', 'bridge'])
    .optional()
    .describe('The network: only loopback, or the bridge network of the engine.'),
});

/** The settings of a workload, complete. */
export type WorkloadSettings = z.output<typeof workloadSettings>;

/** One probe as the settings give it. */
export type ProbeSettings = NonNullable<WorkloadSettings['probes']>[number];
