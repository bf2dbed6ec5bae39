import type { ElfFormat } from './elf-format.ts';

/** The processors known here; `x32` is x86_64 with 32-bit addresses. */
export const MACHINES = ['x86_64', 'x32', 'i386', 'aarch64', 'arm', 'other'] as const;
export type Machine = (typeof MACHINES)[number];

/** e_machine with the class, elf.h: EM_386 3, EM_ARM 40, EM_X86_64 62, EM_AARCH64 183. */
export function machineOf(machineId: number, format: ElfFormat): Machine {
  if (machineId === 62) return format.bits === 64 ? 'x86_64' : 'x32';
  if (machineId === 3) return format.bits === 32 ? 'i386' : 'other';
  if (machineId === 183) return format.bits === 64 ? 'aarch64' : 'other';
  if (machineId === 40) return format.bits === 32 ? 'arm' : 'other';
  return 'other';
}

/** What a dynamic loader has compiled in for one processor. */
export type MachineFacts = {
  /** Directory names of Debian's multiarch, where the loader's own bytes cannot be read. */
  readonly multiarch: readonly string[];
  /** Where a file without PT_INTERP (a library on its own) finds a loader, in the order tried. */
  readonly interpreters: readonly string[];
  /** `glibc-hwcaps/` subdirectories, best first: glibc sysdeps/x86_64/dl-hwcaps-subdirs.c. */
  readonly hwcaps: readonly string[];
  /** Names of the directories that glibc before 2.37 makes its power set of: elf/dl-hwcaps.c, dl-procinfo.c. */
  readonly legacyHwcaps: readonly string[];
  /** What `$PLATFORM` is on the least processor, then what it may be on others: sysdeps/x86/cpu-features.c. */
  readonly platforms: readonly string[];
  /** ld.so.cache flags that the loader takes, null for any: sysdeps/unix/sysv/linux/<machine>/dl-cache.h. */
  readonly cacheFlags: readonly number[] | null;
};

export const MACHINE_FACTS: Readonly<Record<Machine, MachineFacts>> = {
  x86_64: {
    multiarch: ['x86_64-linux-gnu'],
    interpreters: ['/lib64/ld-linux-x86-64.so.2', '/lib/ld-musl-x86_64.so.1'],
    hwcaps: ['x86-64-v4', 'x86-64-v3', 'x86-64-v2'],
    legacyHwcaps: ['tls', 'haswell', 'xeon_phi', 'avx512_1', 'x86_64'],
    platforms: ['x86_64', 'haswell', 'xeon_phi'],
    cacheFlags: [0x303],
  },
  x32: {
    multiarch: ['x86_64-linux-gnux32'],
    interpreters: ['/libx32/ld-linux-x32.so.2', '/lib/ld-musl-x32.so.1'],
    hwcaps: [],
    legacyHwcaps: ['tls', 'haswell', 'xeon_phi', 'avx512_1', 'x86_64'],
    platforms: ['x86_64', 'haswell', 'xeon_phi'],
    cacheFlags: [0x803],
  },
  i386: {
    multiarch: ['i386-linux-gnu'],
    interpreters: ['/lib/ld-linux.so.2', '/lib/ld-musl-i386.so.1'],
    hwcaps: [],
    legacyHwcaps: ['tls', 'i586', 'i686', 'haswell', 'xeon_phi', 'avx512_1', 'sse2', 'x86_64'],
    platforms: ['i686', 'i586', 'i386', 'haswell', 'xeon_phi'],
    cacheFlags: [0x3, 0x1],
  },
  aarch64: {
    multiarch: ['aarch64-linux-gnu'],
    interpreters: ['/lib/ld-linux-aarch64.so.1', '/lib/ld-musl-aarch64.so.1'],
    hwcaps: [],
    legacyHwcaps: ['tls', 'atomics', 'aarch64'],
    platforms: ['aarch64'],
    cacheFlags: [0xa03],
  },
  arm: {
    multiarch: ['arm-linux-gnueabihf', 'arm-linux-gnueabi'],
    interpreters: [
      '/lib/ld-linux-armhf.so.3',
      '/lib/ld-linux.so.3',
      '/lib/ld-musl-armhf.so.1',
      '/lib/ld-musl-arm.so.1',
    ],
    hwcaps: [],
    legacyHwcaps: ['tls', 'v6l', 'v7l', 'v8l', 'neon', 'vfp'],
    platforms: ['v7l', 'v6l', 'v8l'],
    cacheFlags: [0x903, 0xb03, 0x3],
  },
  other: {
    multiarch: [],
    interpreters: [],
    hwcaps: [],
    legacyHwcaps: [],
    platforms: [],
    cacheFlags: null,
  },
};
