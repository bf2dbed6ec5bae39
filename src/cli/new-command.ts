import { join } from 'node:path';
import { findCatalogRoot } from '../catalog/catalog-root.ts';
import { removeUnfinished } from '../making/begin-entry.ts';
import { entryNameOf } from '../new/entry-name.ts';
import { type Made, makeEntry } from '../new/new-entry.ts';
import { parseImageReference } from '../registry/image-reference.ts';
import { STATE_DIRECTORY } from '../slim/state/state.ts';
import { joinShown, type Shown } from '../words/terminal.ts';
import { engineOnDemand, type Session } from './commands.ts';
import { row, showResult } from './show-result.ts';
import type { NewRequest } from './upstream-verbs.ts';
import type { VerbOutcome } from './verb-outcome.ts';

export async function newCommand(request: NewRequest, { signal, progress }: Session): Promise<VerbOutcome> {
  const image = parseImageReference(request.image);
  const entry = entryNameOf(image, request);
  const catalogRoot = findCatalogRoot(process.cwd(), process.cwd());
  const stateDirectory = request.state ?? join(catalogRoot, STATE_DIRECTORY);
  const onDistrust = (why: string) =>
    progress.listener({ type: 'notice', message: `kraft-slim ignores state of an earlier run: ${why}` });
  await removeUnfinished({ catalogRoot, stateDirectory, onDistrust });
  const options = {
    image,
    entry,
    command: request.command,
    catalogRoot,
    stateDirectory,
    untrusted: request.untrusted,
  };
  const made = await makeEntry(options, { engine: engineOnDemand(signal), signal, on: progress.listener });
  const { error, ...document } = made;
  const { status, code } = made.result;
  return {
    document: { schema: 'kraft-slim/new/1', ...document },
    text: showMade(made),
    count: 1,
    failures:
      made.written.length > 0
        ? []
        : [{ code: status === 'failed' ? (code ?? 'internal') : 'verify-failed', error }],
  };
}

function showMade({ image, argv, through, written, result, error }: Made): Shown {
  const lines = [
    showResult({ result, changes: [], error }),
    row('from', image),
    row('runs', argv.join(' ')),
    ...(through.length > 0 ? [row('without', through.join(', '))] : []),
    ...(written.length > 0 ? [row('made', written.join(', '))] : []),
  ];
  return joinShown(lines, '\n');
}
