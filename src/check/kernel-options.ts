/** Kernel options under their old names, and the names that today's Unikraft and app-elfloader have for them. */
const RENAMED: readonly (readonly [old: RegExp, name: string])[] = [
  // app-elfloader, Config.uk; unikraft, lib/posix-process/Config.uk
  [/^CONFIG_APPELFLOADER_ARCH_PRCTL$/, 'CONFIG_LIBPOSIX_PROCESS_ARCH_PRCTL'],
  [
    /^CONFIG_APPELFLOADER_HFS(?=$|_(?:REPLACEEXIST|ETCRESOLVCONF|ETCHOSTS|ETCHOSTNAME)$)/,
    'CONFIG_APPELFLOADER_AUTOGEN',
  ],
  [/^CONFIG_LIBPOSIX_PROCESS_CLONE$/, 'CONFIG_LIBPOSIX_PROCESS_MULTITHREADING'],
  // unikraft, lib/ukrandom, called ukswrand before
  [/^CONFIG_LIBUKSWRAND(?=$|_)/, 'CONFIG_LIBUKRANDOM'],
];

/** The name of today for an option under an old name. */
export function renamedOption(name: string): string | undefined {
  const found = RENAMED.find(([old]) => old.test(name));
  return found === undefined ? undefined : name.replace(found[0], found[1]);
}

/** The library that an option belongs to, where Unikraft has given it up, and since when. */
export function gaveUp(name: string): { readonly library: string; readonly since: string } | undefined {
  return /^CONFIG_LIBVFSCORE(?=$|_)/.test(name) ? { library: 'vfscore', since: '0.21' } : undefined;
}
