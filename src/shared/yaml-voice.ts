/** The library's messages in our voice; a plainer sentence where there is one. */
export function voiceOf(code: string, message: string): string {
  if (code === 'TAB_AS_INDENT') return 'a tab cannot indent YAML: use spaces';
  if (code === 'TAG_RESOLVE_FAILED')
    return message.replace(/^Unresolved tag: (.*)/, 'the tag $1 is not understood');
  const plain = message.replace(/\.$/, '').replace(/(closing) ["'](?=quote)/, '$1 ');
  return plain.charAt(0).toLowerCase() + plain.slice(1);
}

/**
 * Times, sets and binary data are not in the YAML that kraft reads: gopkg.in/yaml.v2, resolve.go, leaves
 * `2020-01-01` and `1:30` as text. Merge keys are resolved here, see `locateMap`.
 */
export function isForeignTag(tag: { tag: string; format?: string }): boolean {
  return tag.format === 'TIME' || /:(timestamp|binary|omap|pairs|set|merge)$/.test(tag.tag);
}
