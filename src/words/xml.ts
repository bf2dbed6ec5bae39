import { visible } from './visible.ts';

/** An element of an XML document. Attributes that are undefined are left out. */
export type XmlElement = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number | undefined>>;
  readonly children?: readonly XmlElement[];
};

/**
 * An element and those in it, a line each. Foreign words reach attributes alone; a character that a reader of XML 1.0
 * refuses, or that steers a terminal, is written as a visible escape.
 */
export function xmlLines({ name, attributes, children = [] }: XmlElement, margin = ''): string[] {
  const pairs = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${attributeText(String(value))}"`],
  );
  const head = `${margin}<${name}${pairs.join('')}`;
  if (children.length === 0) return [`${head}/>`];
  const lines = children.flatMap((child) => xmlLines(child, `${margin}  `));
  return [`${head}>`, ...lines, `${margin}</${name}>`];
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
  '\t': '&#9;',
};

/** Line feeds and tabs as references, since a reader makes blanks of them (XML 1.0, section 3.3.3). */
function attributeText(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(/[^\n\t]+/g, visible)
    .replace(/[\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
    .replace(/[&<>"'\n\t]/g, (character) => ESCAPES[character] ?? character);
}
