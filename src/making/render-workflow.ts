import { createHash } from 'node:crypto';
import { libraryName, publishedAs, workflowOf } from '../catalog/entry-files.ts';
import { loadTemplate } from '../render/template.ts';

type WorkflowView = {
  /** How the catalog calls it, `library/redis:7.0`. */
  readonly title: string;
  readonly entry: string;
  readonly path: string;
  readonly image: string;
  readonly minute: number;
};

/** The workflow that builds a library entry on every change and each day, and publishes it from the main branch. */
export function renderWorkflow(entry: string): string {
  const [library, path] = [libraryName(entry), workflowOf(entry)];
  if (library === undefined || path === null) {
    throw new Error(`cannot write a workflow for ${entry}: it is no library entry`);
  }
  return loadTemplate<WorkflowView>('workflow.hbs')({
    title: `library/${library.name}:${library.version ?? 'latest'}`,
    entry,
    path,
    image: publishedAs(library),
    minute: minuteOf(entry),
  });
}

/** Not all entries of a catalog begin at the same minute of the night. */
function minuteOf(entry: string): number {
  return createHash('sha256').update(entry).digest().readUInt16BE() % 60;
}
