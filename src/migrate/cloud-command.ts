import { shellWords } from '../entry/shell-line.ts';

/** A command in other words, or why it stays; null for a command that is of no interest. */
export type Rewritten = { readonly text: string } | { readonly why: string } | null;

/** The options of `kraft cloud deploy` that `unikraft run` has too; each takes a value. */
const OPTIONS: Readonly<Record<string, string>> = {
  '-p': '-p',
  '--port': '-p',
  '-M': '-m',
  '--memory': '-m',
  '-e': '-e',
  '--env': '-e',
  '-v': '-v',
  '--volume': '-v',
  '-n': '--name',
  '--name': '--name',
  '--metro': '--metro',
};

/**
 * `kraft cloud deploy ... .` as `unikraft build` and `unikraft run` (READMEs of unikraft-cloud/examples). Options come
 * one on a line, the image last.
 */
export function asUnikraftRun(command: string, name: string): Rewritten {
  const words = shellWords(command.replace(/\\\r?\n/g, ' '));
  if (words.slice(0, 3).join(' ') !== 'kraft cloud deploy') return null;
  const options: string[] = [];
  const others: string[] = [];
  let metro = 'fra';
  for (let at = 3; at < words.length; at += 1) {
    const [, flag = '', joined] = /^(--?[\w-]+)(?:=(.*))?$/s.exec(words[at] ?? '') ?? [];
    if (flag === '') {
      others.push(words[at] ?? '');
      continue;
    }
    const option = Object.hasOwn(OPTIONS, flag) ? OPTIONS[flag] : undefined;
    if (option === undefined) return { why: `${flag} has no known counterpart in unikraft run` };
    if (joined === undefined) at += 1;
    const value = optionValue(option, joined ?? words[at]);
    if (value === null) return { why: `${flag} has a value that unikraft run does not take` };
    if (option === '--metro') metro = value;
    else options.push(`${option} ${value}`);
  }
  if (others.join(' ') !== '.') return { why: 'it deploys something other than this directory' };
  const image = `<my-org>/${imageName(name)}:latest`;
  const run = [`unikraft run --metro ${metro}`, ...options, `--image ${image}`].join(' \\\n  ');
  return { text: `unikraft build . --output ${image}\n${run}` };
}

/** The value as `unikraft run` takes it; null where it is missing, or a shell would read more than a word in it. */
function optionValue(option: string, value: string | undefined): string | null {
  if (value === undefined || value === '') return null;
  if (option === '--metro') return /^[a-z]+0?$/.test(value) ? value.replace(/0$/, '') : null;
  if (option === '-m') {
    const [, size, unit = 'M'] = /^(\d+)(?:([MG])i?)?$/.exec(value) ?? [];
    return size === undefined ? null : `${size}${unit}`;
  }
  // without a handler, kraft serves HTTPS on port 443
  if (option === '-p') return /^443:\d+$/.test(value) ? `${value}/tls+http` : plain(value);
  return plain(value);
}

function plain(value: string): string | null {
  if (/^[\w@%+=:,./<>-]+$/.test(value) && !/[<>]/.test(value)) return value;
  return /["\\`!\n]/.test(value) ? null : `"${value}"`;
}

/** The name of an image, which has no dots and no plus signs: `httpserver-g++13.2` is `httpserver-gxx132`. */
function imageName(name: string): string {
  const plainName = name
    .toLowerCase()
    .replaceAll('+', 'x')
    .replace(/[^a-z0-9_-]/g, '');
  return plainName === '' ? 'app' : plainName;
}

/** `unikraft run IMAGE` with the option that names the image. */
export function withImageOption(command: string): Rewritten {
  const words = shellWords(command.replace(/\\\r?\n/g, ' ').replace(/\s*;\s*$/, ''));
  if (words[0] !== 'unikraft' || words[1] !== 'run' || words.some((word) => /^--image(?:=|$)/.test(word)))
    return null;
  const others: string[] = [];
  for (let at = 2; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) others.push(word);
    else if (!word.includes('=')) at += 1;
  }
  const [, head, image, tail] = /^(.*\s)(\S+?)(\s*;?\s*)$/s.exec(command) ?? [];
  if (others.length !== 1 || others[0] !== image || head === undefined) return null;
  return { text: `${head}--image ${image}${tail}` };
}

/** A command of kraft with the format of the root file system as erofs. */
export function withErofsOption(command: string): Rewritten {
  if (!/^\s*(?:\$\s+)?(?:sudo\s+)?kraft\s/.test(command)) return null;
  const text = command.replace(/(--rootfs-type[ =])cpio(?![\w-])/g, '$1erofs');
  return text === command ? null : { text };
}
