import type { MarkerFields } from '../../dockerfile/marker.ts';
import type { Arrival } from '../../plan/layout.ts';
import type { SearchOptions } from '../entry-options.ts';
import type { Reporter } from '../reporter.ts';
import { withPlaceholders } from './placeholders.ts';
import { type SearchSubject, searchStage } from './search-stage.ts';

export type SearchWishes = {
  /** The search that the user asks for; null for none but where the result does not behave. */
  readonly search: SearchOptions | null;
  /** Put an empty file in the place of each that the app only looks up. */
  readonly placeholders: boolean;
};

/** Which files the result gets. */
export type Chosen = {
  readonly arrivals: readonly Arrival[];
  readonly minimal: MarkerFields['minimal'];
  /** Files that the search may not remove; null where none was asked for. */
  readonly held: number | null;
};

/** What the plan keeps, less what a search removes where the user asks for one, and with placeholders where asked. */
export async function chooseFiles(
  reporter: Reporter,
  subject: SearchSubject,
  { search, placeholders, isInPlace }: SearchWishes & { readonly isInPlace: boolean },
): Promise<Chosen> {
  const searched =
    search === null
      ? { arrivals: subject.planned, minimal: 'none' as const, held: null }
      : await searching(reporter, 'looking for files that the app works without', () =>
          searchStage(reporter, subject, search),
        );
  const { minimal, held } = searched;
  if (!placeholders) return { arrivals: searched.arrivals, minimal, held };
  if (isInPlace) {
    const message =
      'a stage that is rewritten in place has no line for an empty file: kraft-slim keeps all files whole';
    reporter.warn({ code: 'placeholder-impossible', message });
    return { arrivals: searched.arrivals, minimal, held };
  }
  const arrivals = await searching(reporter, 'looking for files that may be empty', () =>
    withPlaceholders(reporter, { ...subject, planned: searched.arrivals }),
  );
  return { arrivals, minimal, held };
}

/** A piece of work of stage 3, reported and timed as such. */
export async function searching<T>(
  { step, time }: Reporter,
  detail: string,
  work: () => Promise<T>,
): Promise<T> {
  step('search', detail);
  return await time('search', work);
}
