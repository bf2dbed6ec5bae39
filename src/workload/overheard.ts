/** What a client sent over one connection, as far as a probe can send it again. */
export type Overheard =
  | {
      readonly kind: 'http';
      readonly port: number;
      readonly method: string;
      readonly path: string;
      readonly type: string | null;
      readonly body: string | null;
    }
  | { readonly kind: 'tcp'; readonly port: number; readonly send: string };

const REQUEST_LINE = /^([A-Z]{1,20}) (\/\S*) HTTP\/1\.[01]$/;
const HEAD_END = '\r\n\r\n';

/** Bytes of a connection that are read; what follows is not offered as a probe. */
export const OVERHEARD_BYTES = 64 * 1024;

/**
 * The requests in what a client sent: HTTP/1.1 requests one after the other, RFC 9112 section 2.1, or the text itself
 * where it is none. What a probe cannot send again is left out: other bytes than text, and a body in chunks.
 */
export function overheardIn(port: number, sent: Buffer): Overheard[] {
  if (sent.length === 0) return [];
  const requests = requestsIn(port, sent);
  if (requests.length > 0) return requests;
  const text = textOf(sent);
  return text === null ? [] : [{ kind: 'tcp', port, send: text }];
}

function requestsIn(port: number, sent: Buffer): Overheard[] {
  const requests: Overheard[] = [];
  for (let at = 0; at < sent.length; ) {
    const headEnd = sent.indexOf(HEAD_END, at);
    if (headEnd < 0) break;
    const [first = '', ...lines] = sent.toString('latin1', at, headEnd).split('\r\n');
    const [, method, path] = REQUEST_LINE.exec(first) ?? [];
    if (method === undefined || path === undefined) break;
    const headers = new Map(lines.map(headerOf));
    if (headers.has('transfer-encoding')) break;
    const bodyAt = headEnd + HEAD_END.length;
    const end = bodyAt + Number(headers.get('content-length') ?? 0);
    const body = end > bodyAt ? textOf(sent.subarray(bodyAt, end)) : null;
    // a body that is no text, or that did not all arrive, cannot be sent again
    const isWhole = end === bodyAt || (body !== null && end <= sent.length);
    if (isWhole)
      requests.push({ kind: 'http', port, method, path, type: headers.get('content-type') ?? null, body });
    if (!(end > at)) break;
    at = end;
  }
  return requests;
}

function headerOf(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
}

/** Bytes as text; null where they are none. */
function textOf(bytes: Buffer): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}
