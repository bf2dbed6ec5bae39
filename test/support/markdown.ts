/** What a text has outside of its code spans (CommonMark 0.31, section 6.1); an open run of backticks is text. */
export function outsideCode(text: string): string {
  let rest = text;
  let outside = '';
  for (;;) {
    const open = /`+/.exec(rest);
    if (open === null) return outside + rest;
    const behind = rest.slice(open.index + open[0].length);
    const close = new RegExp(`(?<!\`)${open[0]}(?!\`)`).exec(behind);
    if (close === null) return outside + rest;
    outside += rest.slice(0, open.index);
    rest = behind.slice(close.index + open[0].length);
  }
}

/** What GitHub turns into links in the prose of a text: mentions, references, addresses, HTML, links, closing words. */
export const MEANS_MORE = /@|[\w/]#\d|\s#\d|<|\]\(|GH-\d|https?:|www\.|\b[0-9a-f]{40}\b/i;
