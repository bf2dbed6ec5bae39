import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';

const TEMPLATES = join(import.meta.dirname, '..', '..', 'templates');

/**
 * A template of `templates/` as a function of its view. Nothing is escaped, since no HTML is made; a name that
 * the view lacks is an error. Views are complete: `{{#if}}` would take a forgotten name for false in silence.
 */
export function loadTemplate<View extends object>(name: string): (view: View) => string {
  const source = readFileSync(join(TEMPLATES, name), 'utf8');
  return Handlebars.compile<View>(source, { noEscape: true, strict: true });
}
