import type { ProbeSettings, WorkloadSettings } from '../config/workload-schema.ts';
import { parseByteSize } from '../shared/byte-size.ts';
import type { Probe } from './probe.ts';
import type { Service, Workload, WorkloadLimits } from './workload.ts';

/**
 * A workload with what the settings say of it. Their probes take the place of all others, everything else wins key
 * by key. Ports that must listen are, where the settings name none, the README's and those of the probes; none where
 * a probe waits for the end of the program.
 */
export function workloadFromConfig(settings: WorkloadSettings, fromReadme: Workload): Workload {
  const { ready, probes: given, services, limits, runs, network } = settings;
  const usual = settings.arguments === undefined ? fromReadme.probes : fromReadme.probes.map(withoutText);
  const probes = given?.map(probeFromConfig) ?? usual;
  return {
    source: given === undefined ? fromReadme.source : 'config',
    ports: ready.ports ?? (given === undefined ? fromReadme.ports : portsOf(probes, fromReadme.ports)),
    udpPorts: ready.udpPorts ?? udpPortsOf(probes, fromReadme.udpPorts),
    readyLine: ready.line ?? fromReadme.readyLine,
    probes,
    services: services?.map(serviceFromConfig) ?? fromReadme.services,
    network: network ?? fromReadme.network,
    runs: runs ?? fromReadme.runs,
    limits: limitsFromConfig(limits, fromReadme.limits),
  };
}

/** What a README shows of a program that runs once is the output of the README's command line, and of no other. */
function withoutText(probe: Probe): Probe {
  return probe.kind === 'output' ? { ...probe, expect: null } : probe;
}

/** A probe that waits for the end of the program waits for no port. */
function udpPortsOf(probes: readonly Probe[], ofReadme: readonly number[]): readonly number[] {
  return probes.some((probe) => probe.kind === 'output' && probe.ends) ? [] : ofReadme;
}

function portsOf(probes: readonly Probe[], ofReadme: readonly number[]): readonly number[] {
  if (probes.some(({ kind }) => kind === 'output')) return [];
  const probed = probes.flatMap((probe) => ('port' in probe ? [probe.port] : []));
  return [...new Set([...ofReadme, ...probed])];
}

function probeFromConfig(settings: ProbeSettings): Probe {
  const expect = settings.expect ?? null;
  switch (settings.kind) {
    case 'http':
      return httpFromConfig(settings);
    case 'tcp':
      return { ...settings, expect };
    case 'output':
      return { kind: 'output', ends: true, expect, expectExitCode: settings.exitCode ?? null };
    case 'client': {
      const { kind, command, env, image = null, input = null, exitCode = null } = settings;
      return { kind, command, image, env, input, expect, expectExitCode: exitCode };
    }
    case 'file':
      return { ...settings, expect };
  }
}

function httpFromConfig(settings: Extract<ProbeSettings, { kind: 'http' }>): Probe {
  const { kind, port, path, method, headers, body, tls, follow, status, expect } = settings;
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    kind,
    port,
    tls,
    method,
    path,
    headers: Object.fromEntries(lower),
    body: body ?? null,
    expectStatus: status ?? null,
    expect: expect ?? null,
    showsHead: false,
    follows: follow,
  };
}

function serviceFromConfig(settings: NonNullable<WorkloadSettings['services']>[number]): Service {
  return { ...settings, image: settings.image ?? null };
}

function limitsFromConfig(limits: WorkloadSettings['limits'], under: WorkloadLimits): WorkloadLimits {
  const { readySeconds, probeSeconds, memory, pids, disk } = limits;
  const bytesOf = (size: typeof memory) => (typeof size === 'string' ? parseByteSize(size) : size);
  return {
    readyMs: readySeconds === undefined ? under.readyMs : readySeconds * 1000,
    probeMs: probeSeconds === undefined ? under.probeMs : probeSeconds * 1000,
    memoryBytes: bytesOf(memory) ?? under.memoryBytes,
    pids: pids ?? under.pids,
    diskBytes: bytesOf(disk) ?? under.diskBytes,
  };
}
