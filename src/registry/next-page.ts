const LINK = /<([^>]*)>((?:\s*;\s*[\w*]+\s*=\s*(?:"[^"]*"|[^\s",;]+))*)/g;

/**
 * Where the next page of a list is, by its `Link` header (RFC 8288): a path and query from the host on. null where this
 * page is the last.
 * @throws Error where it would lead to another host, which is not to be given this one's credentials.
 */
export function nextPage(link: string | null, url: URL): string | null {
  for (const [, target = '', parameters = ''] of (link ?? '').matchAll(LINK)) {
    if (!/;\s*rel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|next(?![\w-]))/i.test(parameters)) continue;
    const next = new URL(target, url);
    if (next.origin !== url.origin)
      throw new Error(`the next page of ${url} is on another host, ${next.host}`);
    return `${next.pathname}${next.search}`;
  }
  return null;
}
