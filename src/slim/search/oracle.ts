import { createHash } from 'node:crypto';
import type { Config } from '../../config/config-schema.ts';
import type { Engine } from '../../engine/engine.ts';
import { itemsOf, packItems } from '../../image/pack-tar.ts';
import type { Rootfs } from '../../image/rootfs.ts';
import type { Layout } from '../../plan/layout.ts';
import { layoutView } from '../../plan/layout-view.ts';
import { UserError } from '../../shared/failure.ts';
import { resolvePath } from '../../shared/file-tree.ts';
import type { ImagePath } from '../../shared/image-path.ts';
import { emptyImage } from '../../workload/helper-images.ts';
import type { Observation } from '../../workload/run-launch.ts';
import { runnerOver } from '../../workload/runner.ts';
import type { Case } from '../baseline/case.ts';
import { judgeAll } from '../baseline/judge-cases.ts';
import { observeAll } from '../baseline/run-case.ts';
import type { Subject } from '../baseline/subject.ts';
import type { RunTools } from '../tools.ts';
import type { OracleMemory } from './oracle-memory.ts';

/** Does the app still behave like the baseline on exactly the files of a layout? */
export interface Oracle extends AsyncDisposable {
  /**
   * Who asks the same for the `time`-th time gets that answer of an earlier run, or else a new one: an app that does
   * not behave the same each time is found out by asking again.
   */
  ask(layout: Layout, time?: number): Promise<boolean>;
  /** Questions that the app was run for. */
  readonly runs: number;
  /** Questions that were answered from memory. */
  readonly cacheHits: number;
}

export type OracleSubject = {
  readonly cases: readonly Case[];
  readonly baseline: readonly Observation[];
  readonly rootfs: Rootfs;
  /** Of the unit. */
  readonly settings: Config['workload'];
  /** The image in which the clients of a workload are. */
  readonly clients: Subject['clients'];
};

/** Part of every key: answers of an oracle that asks otherwise are not believed. */
const VERSION = 1;

/** An oracle over the files of a root file system, which has made sure of nothing yet. */
export function oracleOver(
  tools: RunTools,
  subject: OracleSubject,
  openMemory: () => Promise<OracleMemory>,
): Oracle {
  let memory: OracleMemory | undefined;
  const { cases, baseline } = subject;
  const about = aboutOf(tools.engine, subject);
  const runner = runnerOver(tools.engine, tools.networks);
  let runs = 0;
  let cacheHits = 0;
  return {
    get runs() {
      return runs;
    },
    get cacheHits() {
      return cacheHits;
    },
    async ask(layout, time = 1) {
      memory ??= await openMemory();
      const key = keyOf(about, layout, subject.rootfs);
      const known = memory.recall(key)[time - 1];
      if (known !== undefined) {
        cacheHits += 1;
        return known;
      }
      runs += 1;
      const files = await candidate(tools.engine, subject, layout);
      const seen = await observeAll({ ...tools, runner }, cases, { subject: files });
      const passed = judgeAll(cases, seen, baseline).every(({ fault }) => fault === null);
      await memory.remember(key, passed);
      return passed;
    },
    [Symbol.asyncDispose]: () => runner[Symbol.asyncDispose](),
  };
}

/** A container's files for a question: put into an empty image, so that nothing is built for it. */
export async function candidate(
  engine: Engine,
  { rootfs, clients }: Pick<OracleSubject, 'rootfs' | 'clients'>,
  layout: Layout,
): Promise<Subject> {
  const view = layoutView(rootfs, layout);
  const files = () =>
    packItems(
      itemsOf(
        view,
        layout.entries.map(({ path }) => path),
      ),
    );
  return { image: await emptyImage(engine), files, view: async () => view, clients };
}

/** What an oracle is tried on before it is trusted. */
export type Trial = {
  /** What was found so far. */
  readonly planned: Layout;
  /** All there is. */
  readonly everything: () => Layout;
};

/**
 * Has an oracle pass its sanity checks: no to no files at all, and yes to the files of the baseline; a yes to a part
 * of them shows that as well, and costs less than to put a whole system into a container.
 * @throws UserError `baseline-unstable` where it contradicts the baseline, `workload-failed` where the workload
 * cannot fail.
 */
export async function insistOnTrust(
  oracle: Pick<Oracle, 'ask'>,
  { planned, everything }: Trial,
): Promise<void> {
  if (await oracle.ask({ entries: [], left: [] })) {
    throw new UserError('workload-failed', 'cannot trust the oracle: it accepts an empty root file system', {
      hint: 'write the expected answer into the README',
    });
  }
  if ((await oracle.ask(planned)) || (await oracle.ask(everything()))) return;
  throw new UserError('baseline-unstable', 'cannot trust the oracle: it refuses the files of the baseline', {
    hint: 'the app may depend on something that changes from run to run',
  });
}

/** All that an answer depends on but the files: launches, workloads, the baseline's digest, the engine, this code. */
function aboutOf({ architecture }: Engine, { cases, baseline, settings }: OracleSubject): string {
  const questions = cases.map(({ launch, workload, composition }) => ({
    argv: launch.argv,
    env: launch.env,
    workload,
    with: composition.kind === 'alone' ? null : [composition.kind, otherOf(composition)],
  }));
  const wantedAnswers = baseline.map(({ answers, exit }) => ({ answers, exit }));
  return JSON.stringify([VERSION, architecture, settings, questions, wantedAnswers]);
}

function otherOf(composition: Exclude<Case['composition'], { kind: 'alone' }>): string {
  return composition.kind === 'over' ? composition.runtime.config.id : composition.delta.config.id;
}

function keyOf(about: string, { entries }: Layout, rootfs: Rootfs): string {
  const hash = createHash('sha256').update(about);
  for (const entry of entries) {
    const { path, type, mode, uid, gid } = entry;
    // a `.pyc` depends on the time of its source
    const content = entry.type === 'file' ? `${entry.sha256} ${timeOf(rootfs, entry.source)}` : '';
    const target = entry.type === 'symlink' ? entry.target : '';
    hash.update(`\n${path}\0${type} ${mode} ${uid}:${gid} ${content}${target}`);
  }
  return hash.digest('hex');
}

function timeOf(rootfs: Rootfs, source: ImagePath): number {
  return rootfs.lookup(resolvePath(rootfs, source).path)?.mtime ?? 0;
}
