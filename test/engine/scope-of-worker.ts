import { scopeOfWorker } from '../support/scope.ts';

// suites that run at once leave each other alone, as clones do: what they make belongs to their worker
process.env.KRAFT_SLIM_SCOPE = scopeOfWorker(process.env);
