const BEFORE_THE_PROGRAM =
  'elf/dl-deps.c `_dl_map_object_deps`, "we want to insert the new map before the current one", puts the filtee of ' +
  'a program before it; elf/rtld.c `dl_main` lists what comes behind it, `l = main_map->l_next`';

/**
 * Files for which the trace does not say what the loader does in earnest, each with the lines of glibc's source that
 * explain it. Where such a library is not the program itself, as in `needs-fil` and `needs-aux`, both agree.
 */
export const KNOWN_DIFFERENCES: Readonly<Record<string, string>> = {
  '/cases/names/filter/libaux.so': BEFORE_THE_PROGRAM,
  '/cases/names/filter/libfil.so': BEFORE_THE_PROGRAM,
  '/cases/names/filter/libfil2.so': BEFORE_THE_PROGRAM,
  '/cases/names/filter/needs-aux2':
    'elf/dl-load.c `_dl_map_object` makes up a library that is missing while it traces, `l->l_faked = 1`, and with ' +
    'it one that is only auxiliary and may be missing',
};
