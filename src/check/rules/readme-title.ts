import type { Rule } from '../rule.ts';

/** Languages by their words in titles and in names of directories. Words of everyday English are left out. */
const LANGUAGES: Readonly<Record<string, RegExp>> = {
  C: /^c$|^gcc/,
  'C++': /^(?:c\+\+|cpp|g\+\+|gxx)/,
  '.NET': /^(?:\.net|dotnet|c#)/,
  Elixir: /^elixir/,
  Erlang: /^erlang/,
  Go: /^(?:go|golang)(?=[\d.]*$)/,
  Haskell: /^haskell/,
  Java: /^java(?=[\d.]*$)/,
  Lua: /^lua(?=[\d.]*$)/,
  'Node.js': /^node/,
  Perl: /^perl/,
  PHP: /^php/,
  Python: /^python/,
  Ruby: /^ruby/,
  Rust: /^rust/,
  Zig: /^zig/,
};

export const readmeTitle: Rule = {
  code: 'readme-title',
  severity: 'warning',
  about:
    'A README title about another language, or about another kind of app, than the name of the directory.',
  of: 'readme',
  *check({ entry: { name }, source: { file }, headings }) {
    const [title] = headings;
    if (title?.level !== 1) return;
    const directory = name.slice(name.lastIndexOf('/') + 1).toLowerCase();
    const said = languagesIn(title.text.toLowerCase().split(/[\s()[\],/"`'-]+/));
    const named = languagesIn(directory.split('-'));
    const { range } = title;
    const [other] = said;
    if (other !== undefined && named.length > 0 && !said.some((language) => named.includes(language)))
      yield {
        file,
        range,
        message: `the title is about ${other}, the directory about ${named.join(' and ')}`,
      };
    else if (/^helloworld/.test(directory) && /\bweb server\b/i.test(title.text))
      yield { file, range, message: 'the title is about a web server, the directory about a greeting' };
  },
};

function languagesIn(words: readonly string[]): string[] {
  return Object.entries(LANGUAGES).flatMap(([language, pattern]) =>
    words.some((word) => pattern.test(word)) ? [language] : [],
  );
}
