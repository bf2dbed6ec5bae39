import type { ComponentContent, KconfigGroup } from '../render/render-kraftfile.ts';

/**
 * What the catalog's library entries build from: the loader of Linux programs, its kernel, and the settings of both.
 * unikraft/catalog, library/; the environment is that of Unikraft's base.
 */
const SOURCES = 'https://github.com/unikraft';
const BRANCH = 'staging';

const KERNEL: readonly KconfigGroup[] = [
  {
    title: 'The loader of Linux programs',
    options: {
      CONFIG_APPELFLOADER_BRK: 'y',
      CONFIG_APPELFLOADER_CUSTOMAPPNAME: 'y',
      CONFIG_APPELFLOADER_HFS: 'y',
      CONFIG_APPELFLOADER_HFS_ETCHOSTNAME: 'y',
      CONFIG_APPELFLOADER_HFS_ETCHOSTS: 'y',
      CONFIG_APPELFLOADER_HFS_ETCRESOLVCONF: 'y',
      CONFIG_APPELFLOADER_HFS_REPLACEEXIST: 'y',
      CONFIG_APPELFLOADER_STACK_NBPAGES: 128,
      CONFIG_APPELFLOADER_VFSEXEC: 'y',
      CONFIG_APPELFLOADER_VFSEXEC_EXECBIT: 'n',
      CONFIG_LIBPOSIX_PROCESS_ARCH_PRCTL: 'y',
      CONFIG_LIBSYSCALL_SHIM: 'y',
      CONFIG_LIBSYSCALL_SHIM_HANDLER: 'y',
      CONFIG_LIBSYSCALL_SHIM_HANDLER_ULTLS: 'y',
      CONFIG_LIBSYSCALL_SHIM_LEGACY_VERBOSE: 'y',
    },
  },
  {
    title: 'The environment of the program',
    options: {
      CONFIG_LIBPOSIX_ENVIRON: 'y',
      CONFIG_LIBPOSIX_ENVIRON_ENVP0: 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      CONFIG_LIBPOSIX_ENVIRON_ENVP1: 'LD_LIBRARY_PATH=/usr/local/lib:/usr/lib:/lib',
      CONFIG_LIBPOSIX_ENVIRON_ENVP2: 'HOME=/',
      CONFIG_LIBPOSIX_ENVIRON_LIBPARAM: 'y',
      CONFIG_LIBPOSIX_ENVIRON_LIBPARAM_MAXCOUNT: '64',
    },
  },
  {
    title: 'What it asks of a kernel',
    options: {
      CONFIG_LIBPOSIX_EVENTFD: 'y',
      CONFIG_LIBPOSIX_FDIO: 'y',
      CONFIG_LIBPOSIX_FDTAB: 'y',
      CONFIG_LIBPOSIX_FUTEX: 'y',
      CONFIG_LIBPOSIX_MMAP: 'y',
      CONFIG_LIBPOSIX_PIPE: 'y',
      CONFIG_LIBPOSIX_POLL: 'y',
      CONFIG_LIBPOSIX_PROCESS: 'y',
      CONFIG_LIBPOSIX_PROCESS_MULTITHREADING: 'y',
      CONFIG_LIBPOSIX_SOCKET: 'y',
      CONFIG_LIBPOSIX_UNIXSOCKET: 'y',
      CONFIG_LIBPOSIX_SYSINFO: 'y',
      CONFIG_LIBPOSIX_TIME: 'y',
      CONFIG_LIBPOSIX_TIMERFD: 'y',
      CONFIG_LIBPOSIX_USER: 'y',
      CONFIG_LIBPOSIX_USER_GID: 0,
      CONFIG_LIBPOSIX_USER_GROUPNAME: 'root',
      CONFIG_LIBPOSIX_USER_UID: 0,
      CONFIG_LIBPOSIX_USER_USERNAME: 'root',
      CONFIG_LIBUKRANDOM: 'y',
      CONFIG_LIBUKRANDOM_DEVFS: 'y',
      CONFIG_LIBUKRANDOM_GETRANDOM: 'y',
      CONFIG_LIBUKSIGNAL: 'y',
    },
  },
  {
    title: 'Its root file system: an initramfs, extracted at boot',
    options: {
      CONFIG_LIBDEVFS: 'y',
      CONFIG_LIBDEVFS_AUTOMOUNT: 'y',
      CONFIG_LIBDEVFS_DEV_NULL: 'y',
      CONFIG_LIBDEVFS_DEV_STDOUT: 'y',
      CONFIG_LIBDEVFS_DEV_ZERO: 'y',
      CONFIG_LIBRAMFS: 'y',
      CONFIG_LIBUKCPIO: 'y',
      CONFIG_LIBVFSCORE: 'y',
      CONFIG_LIBVFSCORE_AUTOMOUNT: 'y',
      CONFIG_LIBVFSCORE_AUTOMOUNT_CI: 'y',
      CONFIG_LIBVFSCORE_AUTOMOUNT_CI_EINITRD: 'y',
      CONFIG_LIBVFSCORE_AUTOMOUNT_UP: 'y',
      CONFIG_LIBVFSCORE_NONLARGEFILE: 'y',
    },
  },
  {
    title: 'Memory',
    options: {
      CONFIG_HAVE_PAGING: 'y',
      CONFIG_HAVE_PAGING_DIRECTMAP: 'y',
      CONFIG_LIBUKBOOT_HEAP_BASE: '0x400000000',
      CONFIG_LIBUKFALLOC: 'y',
      CONFIG_LIBUKVMEM: 'y',
      CONFIG_LIBUKVMEM_DEFAULT_BASE: '0x0000001000000000',
      CONFIG_LIBUKVMEM_DEMAND_PAGE_IN_SIZE: 12,
      CONFIG_PAGING: 'y',
      CONFIG_STACK_SIZE_PAGE_ORDER: 4,
      CONFIG_UKPLAT_MEMREGION_MAX_COUNT: 64,
    },
  },
  {
    title: 'Boot, messages and size',
    options: {
      CONFIG_LIBUKBOOT_BANNER_MINIMAL: 'y',
      CONFIG_LIBUKBOOT_MAINTHREAD: 'y',
      CONFIG_LIBUKDEBUG: 'y',
      CONFIG_LIBUKDEBUG_PRINTK: 'y',
      CONFIG_LIBUKDEBUG_PRINTK_ERR: 'y',
      CONFIG_LIBUKNETDEV_EINFO_LIBPARAM: 'y',
      CONFIG_OPTIMIZE_DEADELIM: 'y',
      CONFIG_OPTIMIZE_LTO: 'y',
    },
  },
];

const NETWORK: KconfigGroup = {
  title: null,
  options: {
    CONFIG_LWIP_AUTOIFACE: 'y',
    CONFIG_LWIP_DHCP: 'y',
    CONFIG_LWIP_DNS: 'y',
    CONFIG_LWIP_HEAP: 'y',
    CONFIG_LWIP_ICMP: 'y',
    CONFIG_LWIP_IPV4: 'y',
    CONFIG_LWIP_LOOPBACK: 'y',
    CONFIG_LWIP_LOOPIF: 'y',
    CONFIG_LWIP_NUM_TCPCON: 64,
    CONFIG_LWIP_NUM_TCPLISTENERS: 64,
    CONFIG_LWIP_SOCKET: 'y',
    CONFIG_LWIP_TCP: 'y',
    CONFIG_LWIP_TCP_KEEPALIVE: 'y',
    CONFIG_LWIP_THREADS: 'y',
    CONFIG_LWIP_UDP: 'y',
    CONFIG_LWIP_UKNETDEV: 'y',
    CONFIG_LWIP_WND_SCALE: 'y',
  },
};

const component = (name: string, kconfig: readonly KconfigGroup[] = []): ComponentContent => ({
  source: `${SOURCES}/${name}.git`,
  version: BRANCH,
  kconfig,
});

/** The parts of a library entry's Kraftfile that are the same for all. */
export const LIBRARY_PARTS = {
  template: component('app-elfloader'),
  unikraft: component('unikraft', KERNEL),
  libraries: { lwip: component('lib-lwip', [NETWORK]), libelf: component('lib-libelf') },
  targets: ['fc/x86_64', 'qemu/x86_64'],
} as const;
