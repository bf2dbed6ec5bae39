import type { FitnessCode } from '../analysis/fitness.ts';
import type { TraceFitnessCode } from '../analysis/fitness-fixes.ts';
import type { EntryClass } from '../entry/unit.ts';
import type { Size } from '../image/rootfs.ts';
import type { KraftfileWarningCode } from '../kraftfile/kraftfile.ts';
import type { FailureCode, SkipCode } from '../shared/failure.ts';
import type { Promised } from '../shared/promises.ts';
import type { Probe } from '../workload/probe.ts';
import type { Workload } from '../workload/workload.ts';

/** Codes of warnings; docs/warnings.md explains each, and none is ever given another meaning. */
export type WarningCode =
  | KraftfileWarningCode
  | FitnessCode
  | TraceFitnessCode
  | 'build-host-network'
  | 'kraftfile-absent'
  | 'service-missing'
  | 'syntax-line-ignored'
  | 'library-missing'
  | 'loader-cache'
  | 'hard-link'
  | 'not-traced'
  | 'not-visited'
  | 'kernel-files'
  | 'trace-varied'
  | 'weak-workload'
  | 'runtime-from-catalog'
  | 'dependent-left-out'
  | 'launch-left-out'
  | 'readme-line-ignored'
  | 'path-left-out'
  | 'stage-added'
  | 'oracle-contradicted'
  | 'search-grew'
  | 'second-look-differs'
  | 'placeholder-refused'
  | 'placeholder-impossible'
  | 'drifted'
  | 'context-file-missing'
  | 'context-unknown'
  | 'need-missing'
  | 'directories-not-exact'
  | 'glob-unmatched'
  | 'promise-narrowed'
  | 'partly-kept'
  | 'state-not-kept'
  | 'state-not-trusted'
  | 'not-tidied'
  | 'readme-block'
  | 'target-left-alone';

export type Warning = { readonly code: WarningCode; readonly message: string };

export type StageName = 'static' | 'dynamic' | 'search';

export type StageResult = {
  readonly name: StageName;
  readonly files: number | null;
  readonly bytes: number | null;
  /** The oracle's answer for this set; null where it was not asked. */
  readonly passed: boolean | null;
  readonly seconds: number;
};

/**
 * What became of one rootfs unit: the contract's `kraft-slim/result/1`, key for key. Scripts outside this
 * repository rely on it; docs/schemas/result-1.json is its schema.
 */
export type Result = {
  readonly schema: 'kraft-slim/result/1';
  readonly entry: string;
  readonly class: EntryClass | null;
  readonly status: 'slimmed' | 'unchanged' | 'skipped' | 'failed';
  readonly code: SkipCode | FailureCode | null;
  readonly reason: string | null;
  /** Of a failure: the last output, or the place of the fault; null for none. */
  readonly detail: string | null;
  /** Of a failure: what the user can do about it; null for nothing. */
  readonly hint: string | null;
  /** What the result keeps beyond what the workload touches; null where it is not known. */
  readonly promise: Promised | null;
  readonly launches: readonly {
    readonly kraftfile: string;
    readonly argv: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  }[];
  readonly before: Size | null;
  readonly after: Size | null;
  readonly runtime: { readonly entry: string; readonly bytes: number } | null;
  readonly stages: readonly StageResult[];
  readonly search: {
    readonly oracleRuns: number;
    readonly cacheHits: number;
    readonly minimal: 'none' | 'budget' | '1-minimal';
    readonly held: number;
    /** Files that a needed file implies, which the search does not try alone. */
    readonly implied: number;
  } | null;
  readonly workload: {
    readonly source: Workload['source'];
    readonly probes: readonly { readonly kind: Probe['kind']; readonly passed: boolean }[];
  } | null;
  readonly verified: boolean;
  readonly repaired: boolean;
  readonly booted: boolean | null;
  readonly boot: null;
  /**
   * Cases that the full root file system answers twice alike, and how many of them the result answers so; null for
   * none.
   */
  readonly secondLook: { readonly cases: number; readonly same: number } | null;
  readonly findings: readonly never[];
  readonly warnings: readonly Warning[];
  readonly memory: { readonly initramfsBytes: number; readonly suggestedMiB: number } | null;
  readonly written: readonly string[];
  readonly removed: readonly string[];
  readonly seconds: Seconds;
};

export type Seconds = {
  readonly total: number;
  readonly build: number;
  readonly baseline: number;
  readonly trace: number;
  readonly search: number;
  readonly verify: number;
};

/** A result of which nothing is known yet: every key is there. */
export function emptyResult(entry: string): Result {
  return {
    schema: 'kraft-slim/result/1',
    entry,
    class: null,
    status: 'failed',
    code: null,
    reason: null,
    detail: null,
    hint: null,
    promise: null,
    launches: [],
    before: null,
    after: null,
    runtime: null,
    stages: [],
    search: null,
    workload: null,
    verified: false,
    repaired: false,
    booted: null,
    boot: null,
    secondLook: null,
    findings: [],
    warnings: [],
    memory: null,
    written: [],
    removed: [],
    seconds: { total: 0, build: 0, baseline: 0, trace: 0, search: 0, verify: 0 },
  };
}
