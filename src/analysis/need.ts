import type { ImagePath } from '../shared/image-path.ts';

/**
 * Why a path is needed. A closed union: what renders or explains reasons must handle each, and a path may have
 * several. `by` and `of` are paths of the same root file system.
 */
export type Reason =
  /** The program that the launch starts. */
  | { readonly kind: 'started' }
  /** PT_INTERP of a program. */
  | { readonly kind: 'interpreter'; readonly of: ImagePath }
  /** An object that another one links. */
  | { readonly kind: 'elf-needed'; readonly by: ImagePath }
  /** The program behind a `#!` line. */
  | { readonly kind: 'script-interpreter'; readonly of: ImagePath }
  /** What the traced program did with it. `written`: into this directory. */
  | {
      readonly kind: 'traced';
      readonly how: 'opened' | 'executed' | 'stat' | 'listed' | 'linked-through' | 'written';
    }
  /** A rule knows what no analysis sees. */
  | { readonly kind: 'rule'; readonly rule: string }
  /** A promise rule keeps it for uses that no probe shows. */
  | { readonly kind: 'promise'; readonly rule: string }
  /** The author put it in from the build context; `source` is its path there. */
  | { readonly kind: 'build-context'; readonly source: string }
  /** A run on the files that were found so far looked for it and did not find it. */
  | { readonly kind: 'repaired' }
  /** The search saw the app fail without it. */
  | { readonly kind: 'search' }
  /** Only looked up: an empty file is in its place. */
  | { readonly kind: 'placeholder' }
  /** A `keep` glob of the user's names it. */
  | { readonly kind: 'asked'; readonly glob: string };

/** One path, named as the program names it (through links or not), and one reason. */
export type Need = { readonly path: ImagePath; readonly reason: Reason };

/** One line for people. */
export function describeReason(reason: Reason): string {
  switch (reason.kind) {
    case 'started':
      return 'the started program';
    case 'interpreter':
      return `the dynamic linker of ${reason.of}`;
    case 'elf-needed':
      return `linked by ${reason.by}`;
    case 'script-interpreter':
      return `runs the script ${reason.of}`;
    case 'traced':
      return TRACED[reason.how];
    case 'rule':
      return `held by the rule ${reason.rule}`;
    case 'promise':
      return `part of the promise, by the rule ${reason.rule}`;
    case 'build-context':
      return `${reason.source} of the build context`;
    case 'repaired':
      return 'a run without it failed to open it';
    case 'search':
      return 'a search found that the app fails without it';
    case 'placeholder':
      return 'an empty file in its place';
    case 'asked':
      return `kept by ${reason.glob}`;
  }
}

const TRACED = {
  opened: 'opened by the running program',
  executed: 'executed by the running program',
  stat: 'looked for by the running program',
  listed: 'listed by the running program',
  'linked-through': 'a link on the way to a file',
  written: 'a directory that the running program writes to',
} as const;
