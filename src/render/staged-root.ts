import type { Dockerfile } from '../dockerfile/model.ts';
import { type RootListGroup, writeRootList } from '../dockerfile/root-list.ts';
import { GENERATED_FILES } from '../image/engine-stubs.ts';
import { isUnusual, type Layout, type LayoutEntry } from '../plan/layout.ts';
import { MOUNTED } from '../plan/linked-arrivals.ts';
import { type ImagePath, isWithin } from '../shared/image-path.ts';
import { groupByReason, titleOf } from './blocks.ts';
import { copyWords, notCarried } from './copy-words.ts';
import { nameStagedRoot } from './name-stage.ts';

/** Whether a stage can assemble a root from a root list. */
export type Staging =
  | {
      readonly kind: 'possible';
      /** The root list's path in the build context. */
      readonly list: string;
      /** A path that the full root file system does not have, for a directory to work in. */
      readonly place: ImagePath;
    }
  | {
      readonly kind: 'impossible';
      /** Why not, to follow a colon. */
      readonly why: string;
    };

/** Above the COPY of a root that a stage assembled, as `templates/Dockerfile.hbs` has it. */
export const LIST_HEADING = '# What the list names';

/** What the template shows of the stage that assembles the root. */
export type StagedView = {
  readonly from: string;
  readonly name: string;
  /** The words of the COPY that copies the list. */
  readonly list: readonly string[];
  readonly place: ImagePath;
  /** Whether the directories of the list keep mode and owner; else each is made as WORKDIR makes it. */
  readonly exact: boolean;
  /** Whether links of the list stay links; else each arrives as what it leads to. */
  readonly links: boolean;
};

export type StagedRoot = {
  readonly kind: 'staged';
  readonly view: StagedView;
  /** The text of the root list. */
  readonly list: string;
  /** What of the layout a RUN does not see as it is in the image. */
  readonly rest: Pick<Layout, 'entries'>;
};

/** A layout as a stage that assembles it by GNU tar from a list, or why there can be none. */
export function stageRoot(
  layout: Layout,
  options: { readonly dockerfile: Dockerfile; readonly from: string; readonly staging: Staging },
): StagedRoot | Extract<Staging, { kind: 'impossible' }> {
  const { dockerfile, from, staging } = options;
  if (staging.kind === 'impossible') return staging;
  const staged = layout.entries.filter(isListed);
  const lost = staged.find(({ path }) => /\p{Cs}/u.test(path));
  if (lost !== undefined) throw notCarried(lost.path, 'is not UTF-8');
  const broken = staged.find(({ path }) => path.includes('\n'));
  if (broken !== undefined) {
    return { kind: 'impossible', why: `${JSON.stringify(broken.path)} has a line break in its name` };
  }
  return {
    kind: 'staged',
    view: {
      from,
      name: nameStagedRoot(dockerfile, from),
      list: copyWords([staging.list], `${staging.place}/list`, dockerfile.escapeToken),
      place: staging.place,
      exact: hasUnusual(layout),
      links: hasLinks(layout),
    },
    list: writeRootList(groupsOf(staged)),
    rest: { entries: layout.entries.filter((entry) => entry.type === 'file' && !isListed(entry)) },
  };
}

/** What a list names by the reasons of blocks, and its directories behind all files. */
function groupsOf(entries: readonly LayoutEntry[]): RootListGroup[] {
  const files = entries.filter(({ type }) => type !== 'directory');
  return [
    ...groupByReason(files, titleOf).map(([title, lines]) => ({ title, lines })),
    { title: 'Directories', lines: entries.filter(({ type }) => type === 'directory') },
  ];
}

/** Whether a layout has a directory that no COPY and no WORKDIR can make as it is. */
export function hasUnusual({ entries }: Pick<Layout, 'entries'>): boolean {
  return entries.some((entry) => entry.type === 'directory' && isUnusual(entry));
}

/** Whether a layout has a link that no COPY can copy as a link. */
export function hasLinks({ entries }: Pick<Layout, 'entries'>): boolean {
  return entries.some(({ type }) => type === 'symlink');
}

/** A directory that is not empty comes with what is in it, but for a mode or an owner that differs. */
function isListed(entry: LayoutEntry): boolean {
  if (entry.type === 'directory') return entry.isEmpty || isUnusual(entry);
  const { path, source } = entry;
  // a list has one name for both: the name that is needed is the name that is read
  if (path !== source || GENERATED_FILES.has(source)) return false;
  return !MOUNTED.some((directory) => isWithin(source, directory));
}
