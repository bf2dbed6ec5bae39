/** A word or phrase that this project does not write, and what to write instead. The list may only grow. */
export type WordOut = { readonly out: RegExp; readonly instead: string };

/** Out of prose: documents, help, messages, comments, test titles. */
export const WORDS_OUT: readonly WordOut[] = [
  { out: /\btold\b/gi, instead: 'reported, shown, given' },
  { out: /\btell(s|ing)?\b/gi, instead: 'report, show, distinguish' },
  { out: /\bforet(ell|old)\w*/gi, instead: 'predict' },
  { out: /\bnobody\b/gi, instead: 'name the actor: no user, no person, nothing' },
  { out: /\bwhoever\b/gi, instead: 'name the actor: the user, the caller' },
  { out: /\bwhichever\b/gi, instead: 'any, whatever' },
  { out: /\b(mends?|mended|mending)\b/gi, instead: 'fix, repair' },
  { out: /\b(bring|brings|bringing|brought)\b/gi, instead: 'copy, provide, add, contain' },
  { out: /\b(ask|asks|asked|asking) after\b/gi, instead: 'look up' },
  { out: /\bin vain\b/gi, instead: 'lookup failed, not found' },
  { out: /\b(go|goes|going|gone|went) on with\b/gi, instead: 'resume, continue' },
  { out: /\bgo(es)? by\b/gi, instead: 'use, follow' },
  { out: /\bto be had\b/gi, instead: 'available' },
  { out: /\bat the (most|least)\b/gi, instead: 'at most, at least' },
  { out: /\b(break|breaks|broke|broken|breaking) off\b/gi, instead: 'stop, interrupted' },
  { out: /\binsist(s|ed|ing)?\b/gi, instead: 'require, assert' },
  { out: /\banew\b/gi, instead: 'again, new' },
  { out: /\bas ever\b/gi, instead: 'as always, or nothing' },
  { out: /\b(by|of) (itself|themselves)\b/gi, instead: 'alone, separate, without help' },
  { out: /\bhost is none\b/gi, instead: 'the address has no host' },
  { out: /\bfrom what is usual\b/gi, instead: 'from the default' },
  { out: /\bequals its layout\b/gi, instead: 'has exactly the planned files' },
  { out: /\botherwise than\b/gi, instead: 'differently from, other than' },
  { out: /\b(lest|whence|thereof|therein|whereof|wherein|hither|thither)\b/gi, instead: 'a usual word' },
  { out: /\b(hinder|hinders|hindered)\b/gi, instead: 'prevent' },
  { out: /\bof (its|their|our|your|his) own\b/gi, instead: 'separate, or repeat the noun' },
  {
    out: /\b(the|this|that|another|which|each|every|such) ones?\b(?=[.,;:)]|$| (that|of|which|who|is|are|has|in|to)\b)/gi,
    instead: 'repeat the noun',
  },
  { out: /\b(DESIGN|FACTS)\b(?!\.)/g, instead: 'the source: a man page, an upstream file, an experiment' },
];

/** Out of names: the whole name, or a part of it between capitals. Keys of a contract and values in strings do not count. */
export const NAMES_OUT: readonly WordOut[] = [
  { out: /^(one|own|told|asked|brought|none|nobody|whoever)$/, instead: "the thing's noun" },
  {
    out: /(^|[a-z_])([Tt]old|[Bb]rought|[Nn]obody|[Ww]hoever|[Mm]ended)(?![a-z])/,
    instead: 'the usual word',
  },
];
