/** What an entry is for beyond what its workload touches, the widest last. */
export const PROMISES = ['workload', 'app', 'runtime'] as const;
export type Promised = (typeof PROMISES)[number];
