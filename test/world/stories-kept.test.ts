import { AGAIN } from './stories/again.ts';
import { FAILURES } from './stories/failures.ts';
import { KEPT } from './stories/kept.ts';
import { OTHERS } from './stories/others.ts';
import { SEARCHED } from './stories/searched.ts';
import { SETTLED } from './stories/settled.ts';
import { WARNED } from './stories/warned.ts';
import { WORKLOADS } from './stories/workloads.ts';
import { tell } from './tell.ts';

/** What is kept, what fails and what is warned of: one half of the stories, since a core plays a half at once. */
tell([...KEPT, ...FAILURES, ...WARNED, ...SETTLED, ...AGAIN, ...SEARCHED, ...OTHERS, ...WORKLOADS]);
