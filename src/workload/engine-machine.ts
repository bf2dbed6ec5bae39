import type { Machine } from '../elf/machine.ts';

/** What engines call the processors, by Go's names. */
const MACHINES: Readonly<Record<string, Machine>> = {
  amd64: 'x86_64',
  arm64: 'aarch64',
  arm: 'arm',
  '386': 'i386',
};

/** Whether an engine of this architecture (`amd64`, `arm64`) runs programs for the machine without emulating it. */
export function isMadeFor(architecture: string, machine: Machine): boolean {
  return MACHINES[architecture] === machine;
}
