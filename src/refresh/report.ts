import type { Size } from '../image/rootfs.ts';
import type { ErrorCode, SkipCode } from '../shared/failure.ts';
import type { Result } from '../slim/result.ts';
import type { PackageChanges } from './packages.ts';
import type { BaseFinding } from './plan-refresh.ts';

/** How a newer result differs from the one before; null for what is not known of the one before. */
export type Changes = {
  readonly files: { readonly added: readonly string[]; readonly removed: readonly string[] } | null;
  /** The sizes of the slim root file systems. */
  readonly before: Size | null;
  readonly after: Size | null;
  /** Of the full root file systems. */
  readonly packages: PackageChanges | null;
};

/** What became of one entry that was to be refreshed. */
export type RefreshResult = {
  /** Its name in the catalog. */
  readonly entry: string;
  /**
   * `made`: there is an entry for a newer version. `redone`: the entry itself was done again. `planned`: one of these,
   * with --dry-run. `current`: nothing is newer.
   */
  readonly status: 'made' | 'redone' | 'planned' | 'current' | 'skipped' | 'failed';
  readonly code: ErrorCode | SkipCode | null;
  readonly reason: string | null;
  /** The entry of the newer version, made or to be made; null where there is none. */
  readonly made: string | null;
  readonly bases: readonly BaseFinding[];
  readonly changes: Changes | null;
  /** Files and directories of the catalog that were written, relative to its root. */
  readonly written: readonly string[];
  /** How the entry that was made or redone was slimmed; null where none was. */
  readonly result: Result | null;
};

export function emptyRefresh(entry: string): RefreshResult {
  return {
    entry,
    status: 'current',
    code: null,
    reason: null,
    made: null,
    bases: [],
    changes: null,
    written: [],
    result: null,
  };
}
