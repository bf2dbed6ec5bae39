import { memoryOf, portsOfService } from '../cloud-run.ts';
import { type KraftRun, PLAIN_RUN, variableOf, volumeOf } from '../kraft-run.ts';
import type { ReadmeCommand } from '../readme.ts';
import type { ReadmeRun } from '../readme-runs.ts';
import { type PythonLine, pythonLines } from './tokens.ts';
import { type PythonCall, type PythonValue, ValueReader } from './values.ts';

/** A run of a test file: as a README has it, with the directory that its image is built from, null where unknown. */
export type TestRun = ReadmeRun & { readonly directory: string | null };

/** How a test names the app in a URL. */
const HOST = 'under-test.unikraft.app';

type Request = {
  readonly run: number;
  readonly words: readonly string[];
  readonly expected: string[];
  /** Whether the test expects an error: no probe is made of it. */
  isRefused: boolean;
};

/**
 * The runs of a `test_NAME.py` as unikraft-cloud/examples has them (its conftest.py): `build_image`, `run_instance`,
 * `http` and `http_post`, and what is asserted of an answer. The file is read as text, and never run: what it computes
 * is not known.
 */
export function testRuns(source: string): TestRun[] {
  const reading = new TestReading();
  for (const line of pythonLines(source)) reading.read(line);
  return reading.runs();
}

/** What a call returns that a test makes. */
type Returned =
  | { readonly kind: 'image'; readonly directory: string }
  | { readonly kind: 'run'; readonly run: KraftRun; readonly directory: string | null }
  | { readonly kind: 'answer'; readonly request: Request };

class TestReading {
  /** The number of a test's run stands for itself. */
  readonly #values = new Map<string, PythonValue>([['test_run_id', { kind: 'text', text: 'test' }]]);
  /** By the number of the call. */
  readonly #calls: Returned[] = [];

  read(line: PythonLine): void {
    const [first, second] = line;
    if (first?.kind === 'name' && first.text === 'assert') {
      this.#assert(line);
      return;
    }
    const isAssignment = first?.kind === 'name' && second?.kind === 'mark' && second.text === '=';
    const reader = this.#reader(line, isAssignment ? 2 : 0);
    const value = reader.value();
    if (isAssignment) this.#values.set(first.text, value);
    // `with`, `return`, `for`: what stands behind the first value
    for (let at = reader.at; at < line.length; ) {
      const rest = this.#reader(line, at);
      rest.value();
      at = Math.max(at + 1, rest.at);
    }
  }

  runs(): TestRun[] {
    return this.#calls.flatMap((call, number) => {
      if (call.kind !== 'run') return [];
      const commands = this.#calls.flatMap((other) =>
        other.kind === 'answer' && other.request.run === number && !other.request.isRefused
          ? commandsOf(other.request)
          : [],
      );
      return [{ run: call.run, directory: call.directory, commands }];
    });
  }

  #reader(line: PythonLine, at: number): ValueReader {
    const known = (name: string) => this.#values.get(name);
    return new ValueReader(line, { valueOf: known, call: (call) => this.#returned(call) }, at);
  }

  #returned(call: PythonCall): PythonValue {
    const name = call.name.slice(call.name.lastIndexOf('.') + 1);
    const [first] = call.positional;
    if (name === 'build_image') return this.#image(first);
    if (name === 'run_instance') return this.#run(call);
    const run = first?.kind === 'call' ? first.call : undefined;
    const isInstance = run !== undefined && this.#calls[run]?.kind === 'run';
    if (/^extract_instance_(?:url|fqdn)$/.test(name) && isInstance) {
      const scheme = name.endsWith('url') ? 'https://' : '';
      return { kind: 'text', text: `${scheme}${run}.${HOST}` };
    }
    return this.#request(call, name) ?? { kind: 'unknown' };
  }

  #number(call: Returned): PythonValue {
    this.#calls.push(call);
    return { kind: 'call', call: this.#calls.length - 1, part: '' };
  }

  #image(directory: PythonValue | undefined): PythonValue {
    if (directory?.kind !== 'text') return { kind: 'unknown' };
    return this.#number({ kind: 'image', directory: directory.text });
  }

  #run({ positional, named }: PythonCall): PythonValue {
    const image = positional[0] ?? named.get('image');
    const built = image?.kind === 'call' ? this.#calls[image.call] : undefined;
    const command = named.get('command');
    const [memory] = textsOf(named.get('memory'));
    const domains = textsOf(named.get('domain')).filter((domain) => domain.endsWith('.internal'));
    const names = textsOf(named.get('name')).map((name) => `${name}.internal`);
    const run: KraftRun = {
      ...PLAIN_RUN,
      ports: textsOf(named.get('publish')).flatMap(portsOfService),
      env: Object.fromEntries(pairsOf(named.get('env'))),
      memoryBytes: memoryOf(memory ?? ''),
      volumes: textsOf(named.get('volume')).flatMap(volumeOf),
      args: command === undefined ? null : textsOf(command),
      cloud: { project: null, image: null, internal: [...domains, ...names] },
    };
    return this.#number({ kind: 'run', run, directory: built?.kind === 'image' ? built.directory : null });
  }

  /** A request by `http`, `http_post`, or a library whose functions are named for the methods. */
  #request({ positional, named }: PythonCall, name: string): PythonValue | undefined {
    const [, method] = /^(?:http_)?(get|post|put|patch|delete|head)$/.exec(name) ?? [];
    if (method === undefined && name !== 'http') return undefined;
    const url = positional[0];
    const [, run] =
      url?.kind === 'text' ? (new RegExp(`^https?://(\\d+)\\.${HOST}`).exec(url.text) ?? []) : [];
    const words = optionsOf(named);
    if (url?.kind !== 'text' || run === undefined || words === undefined) return undefined;
    const ask = method === undefined || method === 'get' ? [] : ['-X', method.toUpperCase()];
    const request = {
      run: Number(run),
      words: ['curl', ...ask, ...words, url.text],
      expected: [],
      isRefused: false,
    };
    return this.#number({ kind: 'answer', request });
  }

  #assert(line: PythonLine): void {
    const marks = line.map(({ kind, text }) => (kind === 'text' ? '' : text));
    const at = marks.findIndex((mark) => mark === 'in' || mark === '==');
    // which of both sides of an `or` holds is not known
    if (at < 0 || marks.includes('or') || marks.includes('not')) {
      this.#reader(line, 1).value();
      return;
    }
    const left = this.#reader(line.slice(0, at), 1).value();
    const right = this.#reader(line, at + 1).value();
    this.#note(left, right);
    if (marks[at] === '==') this.#note(right, left);
  }

  /** A text, or a status, that an answer is asserted to have. */
  #note(wanted: PythonValue, of: PythonValue): void {
    const call = of.kind === 'call' ? this.#calls[of.call] : undefined;
    if (of.kind !== 'call' || call?.kind !== 'answer') return;
    if (wanted.kind === 'text' && /^\.(?:text|content)$/.test(of.part))
      call.request.expected.push(wanted.text);
    if (wanted.kind === 'plain' && of.part === '.status_code')
      call.request.isRefused = Number(wanted.source) >= 400;
  }
}

/** A request as the line of a README: again for each text where that changes nothing in the app. */
function commandsOf({ words, expected }: Request): ReadmeCommand[] {
  const [first = null, ...more] = expected;
  const texts = words.includes('-X') ? [first] : [first, ...more];
  return texts.map((text) => ({ words, input: null, env: {}, expected: text }));
}

/** The options of curl for what a request sends; undefined where that is not known. */
function optionsOf(named: PythonCall['named']): string[] | undefined {
  const words = pairsOf(named.get('headers')).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const json = named.get('json');
  if (json !== undefined) {
    const value = plainOf(json);
    return value === undefined ? undefined : [...words, '--json', JSON.stringify(value)];
  }
  const data = named.get('data');
  if (data === undefined) return named.has('params') ? undefined : words;
  if (data.kind === 'text') return [...words, '--data-raw', data.text];
  if (data.kind !== 'map') return undefined;
  return [...words, '--data-raw', new URLSearchParams(pairsOf(data)).toString()];
}

const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['True', true],
  ['False', false],
  ['None', null],
]);

/** A value as JSON has it; undefined where a part of it is not known. */
function plainOf(value: PythonValue): unknown {
  if (value.kind === 'text') return value.text;
  if (value.kind === 'plain')
    return CONSTANTS.has(value.source) ? CONSTANTS.get(value.source) : Number(value.source);
  if (value.kind === 'list') {
    const items = value.items.map(plainOf);
    return items.includes(undefined) ? undefined : items;
  }
  if (value.kind !== 'map') return undefined;
  const entries = value.entries.map(([key, item]) => [key, plainOf(item)] as const);
  return entries.some(([, item]) => item === undefined) ? undefined : Object.fromEntries(entries);
}

/** A text, or those of a list; what is not known is left out. */
function textsOf(value: PythonValue | undefined): string[] {
  if (value?.kind === 'text') return [value.text];
  return value?.kind === 'list' ? value.items.flatMap(textsOf) : [];
}

/** The pairs of a map, or of a list of `NAME=value`; what is not known is left out. */
function pairsOf(value: PythonValue | undefined): [string, string][] {
  if (value?.kind !== 'map') return textsOf(value).flatMap(variableOf);
  return value.entries.flatMap(([name, item]): [string, string][] => {
    if (item.kind === 'plain') return [[name, item.source]];
    return item.kind === 'text' ? [[name, item.text]] : [];
  });
}
