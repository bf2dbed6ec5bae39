import { nearestMatch } from '../shared/nearest-match.ts';
import type { Flag, Instruction } from './model.ts';

/** `switch` takes `true`, `false` or nothing; `text` needs a value; `texts` may come more than once. */
type FlagKind = 'switch' | 'text' | 'texts';

const COPY_FLAGS = { chown: 'text', chmod: 'text', link: 'switch', exclude: 'texts' } as const;

/**
 * The flags of each instruction, those of `docker/dockerfile:labs` too. Source: BuildKit,
 * frontend/dockerfile/instructions.
 */
const FLAGS: Partial<Record<Instruction['keyword'], Readonly<Record<string, FlagKind>>>> = {
  FROM: { platform: 'text' },
  COPY: { ...COPY_FLAGS, from: 'text', parents: 'switch' },
  ADD: { ...COPY_FLAGS, 'keep-git-dir': 'switch', checksum: 'text', unpack: 'switch' },
  RUN: { mount: 'texts', network: 'text', security: 'text', device: 'texts' },
  HEALTHCHECK: {
    interval: 'text',
    timeout: 'text',
    'start-period': 'text',
    'start-interval': 'text',
    retries: 'text',
  },
};

/** Instructions whose flags BuildKit never looks at. */
const UNREAD: readonly Instruction['keyword'][] = ['ARG', 'STOPSIGNAL'];

export type FlagFault = { readonly flag: Flag; readonly message: string };

/** The flags that BuildKit refuses by their names, their number or their form. */
export function flagFaults(instruction: Instruction): FlagFault[] {
  const { keyword, flags } = instruction;
  if (UNREAD.includes(keyword)) return [];
  if (keyword === 'HEALTHCHECK' && /^none$/i.test(instruction.text)) return [];
  const known = FLAGS[keyword] ?? {};
  const seen = new Set<string>();
  return flags.flatMap((flag) => {
    const kind = Object.hasOwn(known, flag.name) ? known[flag.name] : undefined;
    const message =
      kind === undefined
        ? unknownFlag(keyword, flag.name, Object.keys(known))
        : seen.has(flag.name) && kind !== 'texts'
          ? `${keyword} has the flag --${flag.name} twice`
          : valueFault(flag, kind);
    seen.add(flag.name);
    return message === null ? [] : [{ flag, message }];
  });
}

function unknownFlag(keyword: string, name: string, known: readonly string[]): string {
  const nearest = nearestMatch(name, known);
  return `${keyword} has no flag --${name}${nearest === undefined ? '' : `: did you mean --${nearest}?`}`;
}

function valueFault({ name, value }: Flag, kind: FlagKind): string | null {
  if (kind !== 'switch') return value === null ? `the flag --${name} needs a value: --${name}=VALUE` : null;
  if (value === null || /^(?:true|false)$/i.test(value)) return null;
  return `the flag --${name} must be true or false, not ${value === '' ? 'empty' : value}`;
}
