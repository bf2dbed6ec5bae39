import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Need } from '../../src/analysis/need.ts';
import type { CopiedPath } from '../../src/dockerfile/copied-paths.ts';
import { readMarker } from '../../src/dockerfile/marker.ts';
import { compareRootfs } from '../../src/plan/compare-rootfs.ts';
import type { Layout } from '../../src/plan/layout.ts';
import { ROOT } from '../../src/shared/image-path.ts';
import { anySteps, anyTable } from '../support/any-rootfs.ts';
import { anyStage, linesOf, needsBy, type StageDraft } from '../support/any-stage.ts';
import { ModelError, type ModelOrigin, modelStage } from '../support/copy-model.ts';
import { dockerfileOf } from '../support/dockerfile.ts';
import { rewrite, type Sources, sourcesOf, type Traced, traceStage, treesOf } from '../support/rewriting.ts';
import { rootfsOf } from '../support/rootfs.ts';
import { drawn, samples } from '../support/samples.ts';

const HEAD = 'ARG GLOBAL=1\nFROM debian AS build\nFROM debian AS sys\nRUN --mount=from=build true\n';

/** Stages over one set of trees, and for each the walks to what is needed of it. */
const anyCases = fc.record({
  tables: fc.record({ build: anyTable, sys: anyTable, '.': anyTable }),
  cases: fc.array(fc.record({ stage: anyStage, needed: fc.array(anySteps, { maxLength: 8 }) }), {
    minLength: 20,
    maxLength: 20,
  }),
});

/** At least so many of the drafts are stages that an engine would build. */
const STAGES = samples({ ci: 500, soak: 5000 });

/** How many there were, so that none of the claims is about nothing. */
const seen = { stages: 0, rewritten: 0, cut: 0 };

/** null where the draft makes no Dockerfile that an engine would build. */
async function traceDraft(text: string, sources: Sources): Promise<(Traced & AsyncDisposable) | null> {
  try {
    return await traceStage(text, sources);
  } catch (error) {
    if (error instanceof ModelError) return null;
    throw error;
  }
}

const originsOf = (found: ReadonlyMap<string, CopiedPath | ModelOrigin>) =>
  Object.fromEntries(
    [...found]
      .filter(([path]) => path !== ROOT)
      .map(([path, { instruction, source, origin }]) => {
        const isInline = source >= instruction.sources.length;
        return [path, `${instruction.range.start} ${source} ${isInline ? '' : origin}`];
      }),
  );

test(`of ${STAGES} stages it is known what came from where, and the rewritten stage copies just what is needed`, async () => {
  await fc.assert(
    fc.asyncProperty(anyCases, async ({ tables, cases }) => {
      await using opened = await sourcesOf(tables);
      const { sources } = opened;
      await Promise.all(cases.map(({ stage, needed }) => check(stage, needed, sources)));
    }),
    { ...drawn({ ci: 33, soak: 330 }), endOnFailure: true },
  );
  expect(seen.stages).toBeGreaterThan(STAGES);
  expect(seen.rewritten).toBeGreaterThan(0.9 * STAGES);
  expect(seen.cut).toBeGreaterThan(0.4 * STAGES);
}, 600_000);

async function check(
  stage: StageDraft,
  needed: readonly (readonly number[])[],
  sources: Sources,
): Promise<void> {
  const text = `${HEAD}FROM scratch\n${linesOf(stage, sources).join('\n')}\n`;
  await using traced = await traceDraft(text, sources);
  if (traced === null) return;
  seen.stages += 1;
  const { origins } = modelStage(traced.dockerfile, treesOf(traced.dockerfile, sources));
  expect(originsOf(traced.copied), text).toEqual(originsOf(origins));
  await checkRewritten(traced, needsBy(needed, traced.full), sources);
}

/** The rewritten stage, carried out, gives the layout; and rewritten again it is the same text. */
async function checkRewritten(traced: Traced, needs: readonly Need[], sources: Sources): Promise<void> {
  const { rendered, layout, origins } = rewrite(traced, needs, { sources });
  expect(origins.unknown).toEqual([]);
  if (rendered === null) return;
  seen.rewritten += 1;
  const { text } = rendered;
  if (!text.endsWith(traced.dockerfile.text.split('FROM scratch').at(-1) ?? '')) seen.cut += 1;
  expect(await differences(text, layout, sources), `${traced.dockerfile.text}\n---\n${text}`).toEqual([]);
  const marker = readMarker(text);
  await using again = await traceStage(`${marker?.above}${marker?.stage}`, sources);
  const same = layout.entries.flatMap(({ path, reasons }) =>
    reasons.map((reason): Need => ({ path, reason })),
  );
  expect(rewrite(again, same, { sources }).rendered?.text).toBe(text);
}

async function differences(text: string, layout: Layout, sources: Sources): Promise<string[]> {
  const dockerfile = dockerfileOf(text);
  await using rebuilt = await rootfsOf(modelStage(dockerfile, treesOf(dockerfile, sources)).table);
  return compareRootfs(rebuilt, layout);
}
