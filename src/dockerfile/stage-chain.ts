import type { Dockerfile, Stage } from './model.ts';

/** A stage, the stage that it is FROM, and so on. The last of them begins with an image or with scratch. */
export function stageChain(dockerfile: Pick<Dockerfile, 'stages'>, stage: Stage): [Stage, ...Stage[]] {
  const chain: [Stage, ...Stage[]] = [stage];
  for (let { from } = stage; from.kind === 'stage'; ) {
    const parent = dockerfile.stages[from.stageIndex] as Stage;
    chain.push(parent);
    ({ from } = parent);
  }
  return chain;
}
