import { join } from 'node:path';
import { findCatalogRoot } from '../catalog/catalog-root.ts';
import { removeUnfinished } from '../making/begin-entry.ts';
import type { Acted } from '../refresh/act.ts';
import { entriesToRefresh } from '../refresh/entries-of.ts';
import { lookAhead } from '../refresh/look-ahead.ts';
import { refreshEntry } from '../refresh/refresh.ts';
import { readProxySettings } from '../registry/proxy.ts';
import { openRegistry } from '../registry/registry.ts';
import { UserError } from '../shared/failure.ts';
import { distinctEntries } from '../slim/distinct-entries.ts';
import { STATE_DIRECTORY } from '../slim/state/state.ts';
import { toSeconds } from '../slim/stopwatch.ts';
import { joinShown } from '../words/terminal.ts';
import { engineOnDemand, type Session } from './commands.ts';
import { showRefresh } from './show-refresh.ts';
import type { RefreshRequest } from './upstream-verbs.ts';
import type { VerbOutcome } from './verb-outcome.ts';

export async function refreshCommand(
  request: RefreshRequest,
  { signal, progress }: Session,
): Promise<VerbOutcome> {
  const begun = performance.now();
  const catalogRoot = findCatalogRoot(process.cwd(), process.cwd());
  const stateDirectory = request.state ?? join(catalogRoot, STATE_DIRECTORY);
  const onDistrust = (why: string) =>
    progress.listener({ type: 'notice', message: `kraft-slim ignores state of an earlier run: ${why}` });
  if (!request.dryRun) await removeUnfinished({ catalogRoot, stateDirectory, onDistrust });
  const engine = engineOnDemand(signal);
  const unknown = { mirrors: [], insecure: [] };
  // a dry run works without an engine, but an engine knows the mirrors
  const answer = engine().then((connected) => connected.registrySettings());
  const settings = request.dryRun ? await answer.catch(() => unknown) : await answer;
  signal.throwIfAborted();
  await using registry = openRegistry({ settings, proxies: await readProxySettings(), signal });
  const { policy, isPolicyGiven, to, dryRun, untrusted, state } = request;
  const wish = { policy, isPolicyGiven, to };
  const options = { wish, dryRun, untrusted, stateDirectory: state, planned: new Map<string, string>() };
  const tools = { engine, signal, on: progress.listener, registry };
  const entries = await entriesOf(request, catalogRoot);
  if (entries.length > 1) await lookAhead(entries, options, tools);
  const acted: Acted[] = [];
  for (const entry of entries) {
    if (signal.aborted) break;
    acted.push(await refreshEntry(entry, options, tools));
  }
  const results = acted.map(({ result }) => result);
  const seconds = toSeconds(performance.now() - begun);
  return {
    document: { schema: 'kraft-slim/refresh/1', results, seconds },
    text: joinShown(acted.map(showRefresh), '\n'),
    count: acted.length,
    failures: acted.flatMap(({ result: { code, status }, error }) =>
      status === 'failed' ? [{ code: code ?? 'internal', error }] : [],
    ),
  };
}

async function entriesOf({ entries, all }: RefreshRequest, catalogRoot: string): Promise<string[]> {
  if (!all) return await distinctEntries(entries);
  const found = await entriesToRefresh(catalogRoot);
  if (found.length > 0) return found;
  throw new UserError('kraftfile-missing', `cannot refresh ${catalogRoot}: it contains no entry`);
}
