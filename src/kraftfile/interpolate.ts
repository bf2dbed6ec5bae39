/** Values for `$X`, by name. */
export type Variables = Readonly<Record<string, string>>;

export type Interpolation = {
  readonly text: string;
  /** Variables without a value and without a default, each once: an empty text stands for them. */
  readonly unset: readonly string[];
  /** Why the text is not valid; null where it is. */
  readonly mistake: string | null;
};

/**
 * Replaces variables as kraft does it for v0.6 (compose-go, template/template.go): `$X`, `${X}`, `${X:-default}`
 * (unset or empty), `${X-default}` (unset), `${X:+other}`, `${X+other}`, `${X:?why}`, `${X?why}`; `$$` is a
 * literal dollar, and a dollar before anything else stays as it is. Defaults may hold variables.
 *
 * An unset variable without a default becomes empty, as compose-go has it. kraft itself (kraftkit,
 * unikraft/app/project_options.go, LookupConfig) crashes there with a nil pointer, hence `unset`.
 */
export function interpolate(text: string, variables: Variables): Interpolation {
  const state: State = { variables, unset: new Set(), mistake: null, depth: 0 };
  const result = replaceAll(text, state);
  return { text: result, unset: [...state.unset], mistake: state.mistake };
}

/** A text that `interpolate` turns into the given text. */
export function escapeDollars(text: string): string {
  return text.replaceAll('$', '$$$$');
}

type State = {
  readonly variables: Variables;
  readonly unset: Set<string>;
  mistake: string | null;
  depth: number;
};

/** A default may contain a variable with a default and so on; no real Kraftfile nests deeper. */
const MAX_DEPTH = 20;

const NAME = /^[_a-z][_a-z0-9]*/i;

function replaceAll(text: string, state: State): string {
  let result = '';
  let at = 0;
  for (let dollar = text.indexOf('$'); dollar !== -1; dollar = text.indexOf('$', at)) {
    result += text.slice(at, dollar);
    const rest = text.slice(dollar + 1);
    const name = NAME.exec(rest)?.[0];
    if (rest.startsWith('$')) [result, at] = [`${result}$`, dollar + 2];
    else if (name !== undefined) {
      result += lookUp(name, state);
      at = dollar + 1 + name.length;
    } else if (rest.startsWith('{')) {
      const end = closingBrace(text, dollar);
      result += braced(text.slice(dollar + 2, end), end === text.length, state);
      at = Math.min(end + 1, text.length);
    } else [result, at] = [`${result}$`, dollar + 1];
  }
  return result + text.slice(at);
}

/** The offset of the brace that closes the `${` at an offset; the text's length where none does. */
function closingBrace(text: string, dollar: number): number {
  let open = 0;
  for (let at = dollar; at < text.length; at += 1) {
    if (text.startsWith('${', at)) {
      open += 1;
      at += 1;
    } else if (text[at] === '}') {
      open -= 1;
      if (open === 0) return at;
    }
  }
  return text.length;
}

function braced(inside: string, unclosed: boolean, state: State): string {
  const name = NAME.exec(inside)?.[0];
  const [, operator, argument] = /^(:?[-+?])(.*)$/s.exec(inside.slice(name?.length ?? 0)) ?? [];
  const isValid =
    name !== undefined && !unclosed && (operator !== undefined || name.length === inside.length);
  if (!isValid) {
    state.mistake ??= `\${${inside.slice(0, 40)} is no variable: write $$ for a literal dollar`;
    return '';
  }
  if (operator === undefined || argument === undefined) return lookUp(name, state);
  const value = Object.hasOwn(state.variables, name) ? state.variables[name] : undefined;
  const isGiven = value !== undefined && (value !== '' || !operator.startsWith(':'));
  if (operator.endsWith('-')) return isGiven ? value : nested(argument, state);
  if (operator.endsWith('+')) return isGiven ? nested(argument, state) : '';
  if (!isGiven) state.mistake ??= `the variable ${name} is required${argument === '' ? '' : `: ${argument}`}`;
  return value ?? '';
}

function nested(text: string, state: State): string {
  if (state.depth >= MAX_DEPTH) {
    state.mistake ??= 'variables are nested too deeply';
    return '';
  }
  state.depth += 1;
  const result = replaceAll(text, state);
  state.depth -= 1;
  return result;
}

function lookUp(name: string, state: State): string {
  const value = Object.hasOwn(state.variables, name) ? state.variables[name] : undefined;
  if (value === undefined) state.unset.add(name);
  return value ?? '';
}
