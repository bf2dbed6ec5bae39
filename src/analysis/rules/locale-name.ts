/** The parts of a locale's name, `de_DE.ISO-8859-15@euro`: glibc intl/explodename.c. */
type LocaleParts = { readonly language: string; readonly codeset: string; readonly modifier: string };

/**
 * The names by which glibc looks for a locale, the best first: with the codeset as it is written, with the codeset
 * normalised, without a codeset, without the territory (locale/findlocale.c, intl/l10nflist.c `_nl_make_l10nflist`).
 */
export function localeNames(name: string): string[] {
  const { language, codeset, modifier } = explode(name);
  const codesets = codeset === '' ? [''] : [`.${codeset}`, `.${normalisedCodeset(codeset)}`, ''];
  const languages = [...new Set([language, language.split('_')[0] ?? language])];
  const names = languages.flatMap((base) => codesets.map((text) => `${base}${text}${modifier}`));
  return [...new Set([name, ...names])];
}

/**
 * Only letters and digits, in lower case; digits alone get `iso` before them: intl/l10nflist.c
 * `_nl_normalize_codeset`.
 */
export function normalisedCodeset(codeset: string): string {
  const plain = codeset.replaceAll(/[^A-Za-z0-9]/g, '').toLowerCase();
  return /^\d+$/.test(plain) ? `iso${plain}` : plain;
}

function explode(name: string): LocaleParts {
  const [, language = name, codeset = '', modifier = ''] = /^([^.@]+)(?:\.([^@]*))?(@.*)?$/.exec(name) ?? [];
  return { language, codeset, modifier };
}
