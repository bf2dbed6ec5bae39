import type { Rootfs } from '../../image/rootfs.ts';
import type { Plan } from '../../plan/plan.ts';
import type { ImagePath } from '../../shared/image-path.ts';

/** Bytes that a rule of the promise alone keeps, without the libraries that these files link. */
export type PromisedSize = { readonly rule: string; readonly bytes: number };

/** What each rule of the promise costs beyond what the workload needs, the largest first. */
export function promisedSizes(rootfs: Rootfs, { kept }: Pick<Plan, 'kept'>): PromisedSize[] {
  const byRule = new Map<string, ImagePath[]>();
  for (const { path, reasons } of kept) {
    const rules = reasons.map((reason) => (reason.kind === 'promise' ? reason.rule : null));
    const [rule] = rules;
    // what another reason holds as well costs nothing
    if (rule === null || rule === undefined || rules.includes(null)) continue;
    const paths = byRule.get(rule);
    if (paths === undefined) byRule.set(rule, [path]);
    else paths.push(path);
  }
  return [...byRule]
    .map(([rule, paths]) => ({ rule, bytes: rootfs.size(paths).bytes }))
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes);
}
