/** What `$ORIGIN`, `$LIB` and `$PLATFORM` stand for; null where the loader does not know it. */
export type TokenValues = {
  readonly origin: string | null;
  readonly lib: string;
  readonly platform: string | null;
};

const TOKEN = /\$(?:\{(ORIGIN|PLATFORM|LIB)\}|(ORIGIN|PLATFORM|LIB)(?![A-Za-z0-9_]))/g;

/**
 * glibc's dynamic string tokens, with braces and without; any other `$` is left as it is.
 * Null where a token has no value: then the whole path is dropped. elf/dl-load.c `is_dst`, `_dl_dst_substitute`.
 */
export function expandGlibcTokens(text: string, values: TokenValues): string | null {
  if (!text.includes('$')) return text;
  let unknown = false;
  const expanded = text.replace(TOKEN, (_, braced?: string, bare?: string) => {
    const name = braced ?? bare;
    const value = name === 'ORIGIN' ? values.origin : name === 'LIB' ? values.lib : values.platform;
    unknown ||= value === null;
    return value ?? '';
  });
  return unknown ? null : expanded;
}

/**
 * musl knows `$ORIGIN` and `${ORIGIN}` only, and drops the whole list of directories where any other `$` stands.
 * ldso/dynlink.c `fixup_rpath`.
 */
export function expandMuslTokens(text: string, origin: string | null): string | null {
  if (!text.includes('$')) return text;
  if (origin === null || /\$(?!ORIGIN|\{ORIGIN\})/.test(text)) return null;
  return text.replace(/\$ORIGIN|\$\{ORIGIN\}/g, () => origin);
}
