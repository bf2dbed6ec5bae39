import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import Handlebars from 'handlebars';

const TEMPLATES = join(import.meta.dirname, '..', '..', 'templates');

/** Every template is a partial of the others, by its name without the ending: `{{> copy}}`. */
const partials = Object.fromEntries(
  readdirSync(TEMPLATES)
    .filter((name) => name.endsWith('.hbs'))
    .map((name) => [basename(name, '.hbs'), readFileSync(join(TEMPLATES, name), 'utf8')]),
);

/** A file of `templates/` as it is. */
export function readTemplate(name: string): string {
  return readFileSync(join(TEMPLATES, name), 'utf8');
}

/**
 * A template of `templates/` as a function of its view. Nothing is escaped, since no HTML is made; a name that
 * the view lacks is an error. Views are complete: `{{#if}}` would take a forgotten name for false in silence.
 */
export function loadTemplate<View extends object>(name: string): (view: View) => string {
  const template = compiled.get(name) ?? Handlebars.compile(partials[basename(name, '.hbs')], OPTIONS);
  compiled.set(name, template);
  return (view) => template(view, { partials });
}

const OPTIONS = { noEscape: true, strict: true };

/** Compiling takes longer than all else of a small Dockerfile. */
const compiled = new Map<string, Handlebars.TemplateDelegate>();
