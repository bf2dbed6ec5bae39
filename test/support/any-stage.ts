import fc from 'fast-check';
import type { Need, Reason } from '../../src/analysis/need.ts';
import type { Rootfs } from '../../src/image/rootfs.ts';
import { copyWords } from '../../src/render/copy-words.ts';
import { resolvePath } from '../../src/shared/file-tree.ts';
import { baseName, type ImagePath, parentOf, ROOT } from '../../src/shared/image-path.ts';
import { anySteps, walkBy } from './any-rootfs.ts';
import { LISTED, OPENED, type Sources } from './rewriting.ts';

/** What an author may have written in a final stage, before it is known what the trees hold. */
export type StageDraft = readonly LineDraft[];

type LineDraft =
  | { readonly kind: 'workdir'; readonly to: string }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'heredoc'; readonly to: string; readonly quoted: boolean }
  | {
      readonly kind: 'copy';
      /** The build context for null. */
      readonly from: string | null;
      /** How to walk to each source; see `walkBy`. */
      readonly walks: readonly (readonly number[])[];
      readonly form: 'plain' | 'pattern' | 'variable';
      readonly to: string;
      readonly flag: string | null;
      readonly isWrapped: boolean;
    };

const DESTINATIONS = ['/', '/a', '/a/', '/b', '/lib/', '/n/e/w', '/o d/', "/q'$x/[y]", 'rel', './r/', '.'];

const copyDraft = fc.record({
  kind: fc.constant('copy' as const),
  from: fc.constantFrom('build', 'build', '0', 'SYS', null),
  walks: fc.array(anySteps, { minLength: 1, maxLength: 3 }),
  form: fc.constantFrom('plain' as const, 'plain' as const, 'pattern' as const, 'variable' as const),
  to: fc.constantFrom(...DESTINATIONS),
  flag: fc.constantFrom(null, null, null, '--link', '--chmod=640', '--chown=5:6'),
  isWrapped: fc.boolean(),
});

const otherDraft = fc.oneof(
  fc.record({ kind: fc.constant('workdir' as const), to: fc.constantFrom('/w', 'v', '/a/b c', '/$q') }),
  fc.record({
    kind: fc.constant('note' as const),
    text: fc.constantFrom('', '# a heading', '\n# by itself\n', 'ENV X=y'),
  }),
  fc.record({
    kind: fc.constant('heredoc' as const),
    to: fc.constantFrom('/h', '/a/', '/n/h'),
    quoted: fc.boolean(),
  }),
);

/** Any final stage over the trees `build` (also stage 0), `sys` and the build context. */
export const anyStage: fc.Arbitrary<StageDraft> = fc.array(
  fc.oneof({ weight: 5, arbitrary: copyDraft }, { weight: 3, arbitrary: otherDraft }),
  { minLength: 1, maxLength: 7 },
);

/** What is needed of a stage, by walks in it and for reasons of several kinds. */
export function needsBy(walks: readonly (readonly number[])[], full: Rootfs): Need[] {
  return walks.map((walk, at) => ({
    path: walkBy(full, walk),
    reason: REASONS[at % REASONS.length] as Reason,
  }));
}

const REASONS: readonly Reason[] = [OPENED, LISTED, { kind: 'asked', glob: '**' }, { kind: 'started' }];

/** The lines of a draft over the trees. */
export function linesOf(draft: StageDraft, sources: Sources): string[] {
  return draft.flatMap((line, at) => {
    if (line.kind === 'note') return [line.text];
    if (line.kind === 'workdir') return [`WORKDIR ${line.to.replaceAll('$', '\\$')}`];
    if (line.kind === 'heredoc') {
      const opening = line.quoted ? `<<"T${at}"` : `<<T${at}`;
      return [`ARG V=1\nCOPY ${opening} ${line.to}\ntext $V of ${at}\nT${at}`];
    }
    const name = line.from === null ? '.' : line.from === '0' ? 'build' : line.from.toLowerCase();
    return copyLines(line, sources[name] as Rootfs, at);
  });
}

function copyLines(
  { from, walks, form, to, flag, isWrapped }: Extract<LineDraft, { kind: 'copy' }>,
  tree: Rootfs,
  at: number,
): string[] {
  const found = walks
    .map((walk) => walkBy(tree, walk))
    .filter((path) => resolvePath(tree, path).entry !== undefined);
  if (found.length === 0) return [];
  // an owner for a directory is no case for the model's tables
  const isFile = (path: ImagePath) => resolvePath(tree, path).entry?.type === 'file';
  const flags = [from && `--from=${from}`, flag?.startsWith('--ch') && !found.every(isFile) ? null : flag];
  const head = ['COPY', ...flags.filter((one) => typeof one === 'string' && one !== '')];
  const destination = found.length > 1 && !to.endsWith('/') ? `${to}/` : to;
  const isPattern = form === 'pattern' && !found.some((path) => /[\\*?[]|^\/$/.test(path));
  const written = isPattern ? patternWords(found, destination) : copyWords(found, destination, '\\');
  const joined = [...head, ...written].join(isWrapped ? ' \\\n  ' : ' ');
  const [only = ROOT] = found;
  // a variable stands for the directory of a source, where the words are plain
  if (form !== 'variable' || found.length > 1 || !/^\/[\w./]+\/[\w.]+$/.test(only)) return [joined];
  const variable = `D${at}`;
  const rest = copyWords([only], destination, '\\').slice(1);
  if (joined.includes('[')) return [joined];
  return [
    `ARG ${variable}=${parentOf(only)}`,
    [...head, `\${${variable}}/${baseName(only)}`, ...rest].join(' '),
  ];
}

/** Each source as a pattern that matches it at least, in JSON form. */
function patternWords(paths: readonly ImagePath[], destination: string): string[] {
  const patterns = paths.map((path) => {
    const directory = parentOf(path) === ROOT ? '' : parentOf(path);
    const [first = '', ...rest] = baseName(path);
    return path.length % 2 === 0 ? `${directory}/${first}*` : `${directory}/?${rest.join('')}`;
  });
  const words = [
    ...patterns.map((word) => word.replace(/["'$]/g, '\\$&')),
    destination.replace(/["'$]/g, '\\$&'),
  ];
  const last = words.length - 1;
  return words.map((word, at) => `${at === 0 ? '[' : ''}${JSON.stringify(word)}${at === last ? ']' : ','}`);
}
