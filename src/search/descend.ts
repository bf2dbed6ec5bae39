import { beliefsOf } from './beliefs.ts';
import { interrogatorOf } from './interrogator.ts';
import { ItemSet } from './item-set.ts';
import type { Problem, SearchResult } from './problem.ts';

export type Scope = 'untraced' | 'all';

export async function descend(problem: Problem, scopes: readonly Scope[]): Promise<SearchResult> {
  const { items } = problem;
  const inter = interrogatorOf(problem);
  const beliefs = beliefsOf(items);
  const { cells, cellOf } = beliefs;
  let kept = ItemSet.all(items.length);
  const open = cells.map(({ items: own }) =>
    [...own].sort((a, b) => (items[b]?.bytes ?? 0) - (items[a]?.bytes ?? 0)),
  );
  const take = (list: readonly number[]) => {
    const touched = new Set(list.map((i) => cellOf[i] as number));
    const gone = new Set(list);
    for (const c of touched) open[c] = (open[c] as number[]).filter((i) => !gone.has(i));
  };
  for (const phase of scopes) {
    const eligible = cells.map(({ traced }) => phase === 'all' || !traced);
    let dirty: number[] | null = null;
    if (phase === 'untraced') {
      const rest = items.flatMap((it, i) => (it.traced || it.held ? [] : [i]));
      if (await inter.once(kept.without(rest))) {
        kept = kept.without(rest);
        take(rest);
        continue;
      }
    }
    for (;;) {
      const p = beliefs.read();
      let part: number[];
      let rest: number[] = [];
      if (dirty === null) {
        const order: { c: number; ratio: number }[] = [];
        for (let c = 0; c < cells.length; c += 1) {
          const own = open[c] as number[];
          if (!eligible[c] || own.length === 0) continue;
          let bytes = 0;
          for (const i of own) bytes += (items[i]?.bytes ?? 0) + 1;
          order.push({ c, ratio: bytes / own.length / -Math.log1p(-(p[c] as number)) });
        }
        if (order.length === 0) break;
        order.sort((a, b) => b.ratio - a.ratio);
        part = [];
        let q = 1;
        for (const { c } of order) {
          const r = 1 - (p[c] as number);
          for (const i of open[c] as number[]) {
            const next = q * r;
            if (part.length > 0 && Math.abs(next - 0.5) >= Math.abs(q - 0.5)) break;
            part.push(i);
            q = next;
          }
        }
      } else if (dirty.length === 1) {
        const x = dirty[0] as number;
        beliefs.learn(cellOf[x] as number, 1, 0);
        take(dirty);
        dirty = null;
        continue;
      } else {
        let qx = 1;
        for (const i of dirty) qx *= 1 - (p[cellOf[i] as number] as number);
        let q = 1;
        let n = 0;
        let best = 2;
        for (let at = 0; at < dirty.length - 1; at += 1) {
          q *= 1 - (p[cellOf[dirty[at] as number] as number] as number);
          const clean = (q - qx) / (1 - qx);
          if (Math.abs(clean - 0.5) < best) {
            best = Math.abs(clean - 0.5);
            n = at + 1;
          }
        }
        part = dirty.slice(0, n);
        rest = dirty.slice(n);
      }
      const next = kept.without(part);
      if (await inter.once(next)) {
        kept = next;
        const counts = new Map<number, number>();
        for (const i of part) counts.set(cellOf[i] as number, (counts.get(cellOf[i] as number) ?? 0) + 1);
        for (const [c, n] of counts) beliefs.learn(c, 0, n);
        take(part);
        if (dirty !== null) dirty = rest;
      } else dirty = part;
    }
  }
  return {
    kept: [...kept],
    minimal: '1-minimal',
    runs: inter.runs,
    cacheHits: inter.cacheHits,
    held: items.filter(({ held }) => held).length,
    lies: inter.outvoted,
  };
}
