import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import Handlebars from 'handlebars';

const TEMPLATES = join(import.meta.dirname, '..', '..', 'templates');

/** Nothing is escaped, since no HTML is made; a name that the view lacks is an error. */
const OPTIONS = { noEscape: true, strict: true };

/**
 * Every template, by its name without the ending. Each is a partial of the others: `{{> copy}}`. As functions, since
 * Handlebars compiles a partial that is a text in every call; a template compiles when it is first used.
 */
const templates: Readonly<Record<string, Handlebars.TemplateDelegate>> = Object.fromEntries(
  readdirSync(TEMPLATES)
    .filter((name) => name.endsWith('.hbs'))
    .map((name) => [basename(name, '.hbs'), Handlebars.compile(readTemplate(name), OPTIONS)]),
);

/** A file of `templates/` as it is. */
export function readTemplate(name: string): string {
  return readFileSync(join(TEMPLATES, name), 'utf8');
}

/**
 * A template of `templates/` as a function of its view. Views are complete: `{{#if}}` would take a forgotten name for
 * false in silence.
 */
export function loadTemplate<View extends object>(name: string): (view: View) => string {
  const template = templates[basename(name, '.hbs')];
  if (template === undefined) throw new Error(`cannot find the template ${name}`);
  return (view) => template(view, { partials: templates });
}
