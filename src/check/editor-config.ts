import { matches } from '../shared/glob.ts';

/** What an .editorconfig asks of a file, as far as it is checked; null: nothing. */
export type TextStyle = {
  readonly lineEnd: '\n' | '\r\n' | null;
  readonly finalNewline: boolean;
  readonly trimsTrailingSpace: boolean;
  readonly byteOrderMark: boolean;
};

/** The style of a file by its path from the catalog's root. */
export type EditorConfig = (file: string) => TextStyle;

/** The catalog's own, for those without an .editorconfig. */
const CATALOG_STYLE = `[*]
charset = utf-8
end_of_line = lf
insert_final_newline = true
trim_trailing_whitespace = true
`;

/**
 * Reads the .editorconfig at a catalog's root (https://spec.editorconfig.org); null stands for the catalog's usual
 * one.
 */
export function readEditorConfig(text: string | null): EditorConfig {
  const sections = sectionsOf(text ?? CATALOG_STYLE);
  return (file) => {
    const settings = new Map<string, string>();
    for (const section of sections) {
      if (matches(section.glob, file)) for (const [key, value] of section.pairs) settings.set(key, value);
    }
    const lineEnd = settings.get('end_of_line');
    return {
      lineEnd: lineEnd === 'lf' ? '\n' : lineEnd === 'crlf' ? '\r\n' : null,
      finalNewline: settings.get('insert_final_newline') === 'true',
      trimsTrailingSpace: settings.get('trim_trailing_whitespace') === 'true',
      byteOrderMark: settings.get('charset') !== 'utf-8',
    };
  };
}

type Section = { readonly glob: string; readonly pairs: [key: string, value: string][] };

function sectionsOf(text: string): Section[] {
  const sections: Section[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [, glob] = /^\s*\[(.+)\]\s*$/.exec(line) ?? [];
    const [, key, value] = /^\s*([\w-]+)\s*[=:](.*)$/s.exec(line) ?? [];
    if (glob !== undefined) sections.push({ glob: anchored(glob), pairs: [] });
    else if (key !== undefined && value !== undefined)
      sections.at(-1)?.pairs.push([key.toLowerCase(), value.trim().toLowerCase()]);
  }
  return sections;
}

/** A glob without a slash is for files in any directory. */
function anchored(glob: string): string {
  if (!glob.includes('/')) return `**/${glob}`;
  return glob.replace(/^\//, '');
}
