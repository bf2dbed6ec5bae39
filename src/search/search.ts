import { coinFlip } from './coin-flip.ts';
import { descend } from './descent.ts';
import type { Problem, SearchResult } from './problem.ts';

/**
 * `grow`: everything traced or held stays, and of the rest exactly what is missing joins it. `shrink`: everything
 * that is not held is open. `minimal`: grow, then shrink, with one budget and one memory. `search-only`: shrink
 * without believing any analysis. `coin-flip`: the reference's idea, for comparison.
 */
export type Strategy = 'grow' | 'shrink' | 'minimal' | 'search-only' | 'coin-flip';

const STRATEGIES: Readonly<Record<Strategy, (problem: Problem) => Promise<SearchResult>>> = {
  grow: (problem) => descend(problem, ['untraced']),
  shrink: (problem) => descend(problem, ['all']),
  minimal: (problem) => descend(problem, ['untraced', 'all']),
  'search-only': (problem) => descend(withoutEvidence(problem), ['all']),
  'coin-flip': coinFlip,
};

/**
 * A smaller set of items with which the app still behaves. It is any-time: whenever the budget ends, the result is a
 * set that was seen to pass. The same problem, seed and answers give the same questions.
 * @throws whatever the question throws
 */
export function search(strategy: Strategy, problem: Problem): Promise<SearchResult> {
  return STRATEGIES[strategy](problem);
}

function withoutEvidence(problem: Problem): Problem {
  return { ...problem, items: problem.items.map((item) => ({ ...item, traced: false, suspicion: 0 })) };
}
