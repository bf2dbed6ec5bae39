const LINK = /<([^<>]*)>((?:\s*;\s*[\w*]+\s*=\s*(?:"[^"]*"|[^\s",;]+))*)/g;

/**
 * Where the next page of a list is, by its `Link` header (RFC 8288): a path and query from the host on. null where this
 * page is the last.
 * @throws Error where it would lead to another host, which is not to be given this one's credentials, or nowhere.
 */
export function nextPage(link: string | null, url: URL): string | null {
  for (const [, target = '', parameters = ''] of (link ?? '').matchAll(LINK)) {
    if (!isNext(parameters)) continue;
    if (!URL.canParse(target, url.href)) throw new Error(`the address of the page after ${url} is none`);
    const next = new URL(target, url);
    if (next.origin !== url.origin)
      throw new Error(`the next page of ${url} is on another host, ${next.host}`);
    return `${next.pathname}${next.search}`;
  }
  return null;
}

/** Whether the parameters of a link hold `rel=next` or `rel="next"`, also among other relations. */
function isNext(parameters: string): boolean {
  const [, quoted, plain] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))/i.exec(parameters) ?? [];
  return (quoted ?? plain ?? '').toLowerCase().split(/\s+/).includes('next');
}
