import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The longest suites with an engine, so that none of them runs alone at the end while a worker has nothing to do. The
 * sweep of the fixtures is first, since other suites take its results.
 */
const LONGEST = [
  'test/engine/fixtures.engine.test.ts',
  'test/sweep/sweep.engine.test.ts',
  'test/engine/hand-made.engine.test.ts',
  'test/engine/faults.engine.test.ts',
  'test/engine/workloads.engine.test.ts',
  'test/engine/minimal.engine.test.ts',
  'test/engine/kills.engine.test.ts',
  'test/refresh/refresh.engine.test.ts',
  'test/new/new-entry.engine.test.ts',
  'test/slim/promise.engine.test.ts',
  'test/engine/contract.engine.test.ts',
  'test/hostile/sweep.engine.test.ts',
  'test/engine/full-disk.engine.test.ts',
  'test/sweep/queue/workers.engine.test.ts',
  'test/engine/second-look.engine.test.ts',
];

/** Starts these suites first, in this order, and all others after them as vitest orders them. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rankOf = ({ moduleId }: TestSpecification) => {
      const rank = LONGEST.indexOf(relative(this.ctx.config.root, moduleId));
      return rank === -1 ? LONGEST.length : rank;
    };
    const isEngine = ({ project }: TestSpecification) => project.name === 'engine';
    const usual = await super.sort(files);
    const first = usual.filter(isEngine).sort((left, right) => rankOf(left) - rankOf(right));
    return [...usual.filter((file) => !isEngine(file)), ...first];
  }
}
