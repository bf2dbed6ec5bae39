import { ASSEMBLED } from './stories/assembled.ts';
import { DRIFTED } from './stories/drifted.ts';
import { LISTS } from './stories/lists.ts';
import { NAMED } from './stories/named.ts';
import { ODD } from './stories/odd.ts';
import { ORIGINS } from './stories/origins.ts';
import { OVER } from './stories/over.ts';
import { PRUNED } from './stories/pruned.ts';
import { STAGES } from './stories/stages.ts';
import { USED } from './stories/used.ts';
import { WRITTEN } from './stories/written.ts';
import { tell } from './tell.ts';

/** What is written, and where it comes from: the other half of the stories. */
tell([
  ...STAGES,
  ...ASSEMBLED,
  ...PRUNED,
  ...LISTS,
  ...USED,
  ...WRITTEN,
  ...ORIGINS,
  ...OVER,
  ...DRIFTED,
  ...ODD,
  ...NAMED,
]);
